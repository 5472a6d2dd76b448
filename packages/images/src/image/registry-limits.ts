/** How much and how long we read, send and try, before a registry is given up. */
export interface RegistryLimits {
  /** Bytes of a manifest or index. Default 4 MiB, which is also the least that registries have to take. */
  readonly manifestBytes: number;
  /** Bytes of a configuration. Default 8 MiB. */
  readonly configBytes: number;
  /** Bytes of any other answer: tokens, lists of tags. Default 4 MiB. */
  readonly answerBytes: number;
  /** Tags, or referrers, of one repository. Default 100,000. */
  readonly listItems: number;
  /** Default 5. */
  readonly redirects: number;
  /** Tries of one request, the first included. Default 5. */
  readonly tries: number;
  /** Milliseconds before the second try; doubled for each further one, less up to a half by chance. Default 500. */
  readonly backOffMs: number;
  /** The longest wait in milliseconds; a registry that asks for a longer one is given up. Default 60,000. */
  readonly waitMs: number;
  /** Milliseconds without a byte sent or received, and for a whole small answer. Default 60,000. */
  readonly idleMs: number;
}

export const REGISTRY_LIMITS: RegistryLimits = {
  manifestBytes: 4 * 1024 * 1024,
  configBytes: 8 * 1024 * 1024,
  answerBytes: 4 * 1024 * 1024,
  listItems: 100_000,
  redirects: 5,
  tries: 5,
  backOffMs: 500,
  waitMs: 60_000,
  idleMs: 60_000,
};
