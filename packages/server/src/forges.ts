/** The forges of the configuration, as plugins see them. */
import type { ReadingConfig } from '@callboard/kernel';
import type { Forge } from '@callboard/plugin';

export function toForges({ integrations }: Pick<ReadingConfig, 'integrations'>): readonly Forge[] {
  return integrations.map(({ type, host, baseUrl, apiBaseUrl, credentials }) => {
    const [first] = credentials;
    return {
      type,
      host,
      baseUrl,
      apiBaseUrl,
      token: first === undefined ? null : tokenOf(first.authorization),
    };
  });
}

/** The token, or the password of a login, in the value of an Authorization header. */
function tokenOf(authorization: string): string | null {
  const [scheme, value] = authorization.split(' ', 2);
  if (value === undefined) return null;
  if (scheme !== 'Basic') return value;
  const login = Buffer.from(value, 'base64').toString();
  return login.slice(login.indexOf(':') + 1);
}
