/** What a sign-in provider is: a plain object that says who a request comes from. Guest is one; OAuth will be. */

/** What a user looks like to the portal; all parts are optional. */
export interface Profile {
  readonly email?: string;
  readonly displayName?: string;
  /** URL or data URL of a picture. */
  readonly picture?: string;
}

/** Somebody who was identified. */
export interface SignIn {
  /** Full lower-case reference. */
  readonly userEntityRef: string;
  readonly ownershipEntityRefs: readonly string[];
  readonly profile: Profile;
  /** What the provider's own API needs, handed to the browser; absent for providers without one. */
  readonly providerInfo?: Readonly<Record<string, unknown>>;
  /** Further claims of the user token. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

export interface SignInRequest {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

export interface AuthProvider {
  /** The path segment under `/api/auth`. */
  readonly id: string;
  /** Identifies the caller. @throws CodedError when the caller may not sign in. */
  identify(request: SignInRequest): Promise<SignIn>;
}
