/**
 * A forge that the configuration names: where its files are seen in a browser, where its API is, and what to
 * say there to be let in.
 */
export type IntegrationType =
  | 'github'
  | 'gitlab'
  | 'bitbucketCloud'
  | 'bitbucketServer'
  | 'azure'
  | 'gitea'
  | 'gerrit';

export interface Integration {
  readonly type: IntegrationType;
  /** Host and port of browser URLs, as `github.com`. */
  readonly host: string;
  /** Root of browser URLs, without a slash at the end. */
  readonly baseUrl: string;
  /** Root of the API, without a slash at the end. */
  readonly apiBaseUrl: string;
  /** Root of raw files that need no token; GitHub only. */
  readonly rawBaseUrl: string | null;
  readonly credentials: readonly Credential[];
  /** The operator says that its hosts may have addresses that are not public. */
  readonly allowPrivate: boolean;
  /** False when the forge has no page that edits a file. */
  readonly editable: boolean;
}

export interface Credential {
  /** The value of an Authorization header. Secret. */
  readonly authorization: string;
  /** Azure organisations it is for; empty for all. */
  readonly organizations: readonly string[];
}

/** What a token is sent as. Secret, as the token is. */
export function tokenAuthorization(type: IntegrationType, token: string): string {
  if (type === 'azure') return `Basic ${Buffer.from(`:${token}`).toString('base64')}`;
  return `${type === 'gitea' ? 'token' : 'Bearer'} ${token}`;
}

/** The same forge with somebody's own token in place of the configured credentials. */
export function withToken(integration: Integration, token: string): Integration {
  const authorization = tokenAuthorization(integration.type, token);
  return { ...integration, credentials: [{ authorization, organizations: [] }] };
}

/** The forges that everybody knows. They help to resolve URLs; reading them has to be configured. */
export const PUBLIC_FORGES: readonly Integration[] = [
  knownForge({
    type: 'github',
    host: 'github.com',
    apiBaseUrl: 'https://api.github.com',
    rawBaseUrl: 'https://raw.githubusercontent.com',
  }),
  knownForge({ type: 'gitlab', host: 'gitlab.com', apiBaseUrl: 'https://gitlab.com/api/v4' }),
  knownForge({
    type: 'bitbucketCloud',
    host: 'bitbucket.org',
    apiBaseUrl: 'https://api.bitbucket.org/2.0',
  }),
  knownForge({ type: 'azure', host: 'dev.azure.com', apiBaseUrl: 'https://dev.azure.com' }),
];

function knownForge(
  forge: Pick<Integration, 'type' | 'host' | 'apiBaseUrl'> & { readonly rawBaseUrl?: string },
): Integration {
  return {
    baseUrl: `https://${forge.host}`,
    rawBaseUrl: null,
    credentials: [],
    allowPrivate: false,
    editable: true,
    ...forge,
  };
}

/** The integration whose browser URLs have the host of this URL. */
export function integrationFor(integrations: readonly Integration[], url: URL): Integration | null {
  return (
    integrations.find(({ host }) => url.host === host) ??
    integrations.find(({ baseUrl }) => url.host === new URL(baseUrl).host) ??
    null
  );
}
