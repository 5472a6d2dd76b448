/** What sources of forms may reach over HTTP, as the configuration says it, parsed. Durations are milliseconds. */

export interface SourceSettings {
  /** By the name that templates use. The operator's own: they may have any address. */
  readonly endpoints: ReadonlyMap<string, SourceEndpoint>;
  /** Hosts that templates may name by URL; without secrets, and only at public addresses. */
  readonly allow: readonly AllowedHost[];
}

export interface SourceEndpoint {
  /** Where paths of templates are put below; without a slash at the end. */
  readonly target: string;
  /** Sent with every request. Secret. */
  readonly headers: Readonly<Record<string, string>>;
  /** Upper case. */
  readonly methods: readonly string[];
  /** Paths, and what is below them at a slash; null: all. */
  readonly paths: readonly string[] | null;
  /** Lower-case names of headers that templates may set; null: any that is not the portal's own. */
  readonly allowedHeaders: readonly string[] | null;
  /** What a path becomes below the target; the first that matches. Backstage's `pathRewrite`. */
  readonly rewrites: readonly { readonly pattern: RegExp; readonly replacement: string }[];
  /** Of the whole exchange. */
  readonly timeout: number;
  /** That an answer is used again; 0: never. */
  readonly cache: number;
  /** Bytes of an answer. */
  readonly maxSize: number;
}

export interface AllowedHost {
  /** As in a URL, with a port that is not the usual one. */
  readonly host: string;
  /** As those of an endpoint. */
  readonly paths: readonly string[] | null;
}

/** Of what is not configured, and of hosts that templates name. */
export const SOURCE_DEFAULTS = { timeout: 10_000, cache: 30_000, maxSize: 2_000_000 } as const;
