/** Opens a session: an identified user becomes a token, remembered user info, and the answer the browser keeps. */
import type { Profile, SignIn } from './provider.ts';
import type { UserInfoStore } from './store.ts';
import type { UserTokens } from './user-token.ts';

/** The body of `/api/auth/<provider>/refresh`, in Backstage's shape. */
export interface SessionAnswer {
  readonly profile: Profile;
  /** Absent for providers that have no API of their own. */
  readonly providerInfo?: Readonly<Record<string, unknown>>;
  readonly backstageIdentity: {
    readonly token: string;
    readonly identity: {
      readonly type: 'user';
      readonly userEntityRef: string;
      readonly ownershipEntityRefs: readonly string[];
    };
    readonly expiresInSeconds: number;
  };
}

export interface SessionDeps {
  readonly tokens: Pick<UserTokens, 'issue'>;
  readonly users: Pick<UserInfoStore, 'put'>;
  readonly now: () => number;
}

/** `provider`: the id of what identified the user; null when that was no provider of ours. */
export async function openSession(
  { tokens, users, now }: SessionDeps,
  { signIn, provider }: { readonly signIn: SignIn; readonly provider: string | null },
): Promise<SessionAnswer> {
  const { userEntityRef, ownershipEntityRefs, profile, providerInfo, claims } = signIn;
  const sub = userEntityRef;
  const ent = ownershipEntityRefs;
  const { token, expiresAt } = await tokens.issue({ sub, ent, ...(claims && { extra: claims }) });
  await users.put({ claims: { ...claims, sub, ent } }, { now: now(), provider });
  return {
    profile,
    ...(providerInfo && { providerInfo }),
    backstageIdentity: {
      token,
      identity: { type: 'user', userEntityRef, ownershipEntityRefs },
      expiresInSeconds: Math.round((expiresAt - now()) / 1_000),
    },
  };
}
