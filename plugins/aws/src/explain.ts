/**
 * What went wrong with a call of AWS, as an error that may be shown to whoever fills in a form. The words of AWS name
 * identities and resources of the operator, so they go to the log only; the SDK's errors are never kept as a cause.
 * Names: https://docs.aws.amazon.com/organizations/latest/APIReference/CommonErrors.html
 */
import { CodedError, messageOf } from '@callboard/kernel';
import { isObject } from '@callboard/model';
import type { ActionLogger } from '@callboard/plugin';
import type { Connection } from './config.ts';
import { awsError } from './errors.ts';

const THROTTLED = /^(?:TooManyRequests|Throttl|RequestLimitExceeded|RequestThrottled|SlowDown)/;
const EXPIRED = /^(?:ExpiredToken|RequestExpired)/;
const UNKNOWN_CREDENTIALS =
  /^(?:UnrecognizedClient|InvalidClientTokenId|InvalidSignature|SignatureDoesNotMatch|IncompleteSignature|MissingAuthenticationToken|NotAuthorized|Unauthorized)/;
const NO_CREDENTIALS = /^(?:CredentialsProvider|TokenProvider|TokenExpired|ProviderError)/;
const UNREACHABLE = /^(?:Timeout|Abort|ECONN|ENOTFOUND|EAI_AGAIN|EHOST|ENET|EPIPE|ETIMEDOUT)/;
/** Characters of the words of AWS that are logged. */
const LOGGED = 600;

export interface Doing {
  /** As policies name it: `organizations:ListAccounts`. */
  readonly action: string;
  readonly connection: Connection;
  readonly logger: ActionLogger;
}

/** The error to throw for one that a client of the SDK threw. */
export function explain(thrown: unknown, doing: Doing): CodedError {
  if (thrown instanceof CodedError) return thrown;
  const error = toError(thrown, doing.action);
  doing.logger.warn(`AWS: ${doing.action} failed.`, {
    code: error.code,
    said: withoutSecrets(`${nameOf(thrown)}: ${messageOf(thrown)}`, doing.connection).slice(0, LOGGED),
  });
  return error;
}

function toError(thrown: unknown, action: string): CodedError {
  const name = nameOf(thrown);
  const status = statusOf(thrown);
  if (NO_CREDENTIALS.test(name)) {
    const message = `The portal has no credentials for AWS, so ${action} cannot be asked. Set them below "aws" in the configuration, or in the environment of the portal.`;
    return awsError('aws/refused', message);
  }
  if (UNREACHABLE.test(name) || UNREACHABLE.test(codeOf(thrown))) {
    return awsError(
      'aws/unreachable',
      `AWS does not answer ${action}. Try again; if it stays so, check the network and "endpoint".`,
    );
  }
  if (THROTTLED.test(name) || status === 429) {
    return awsError('aws/throttled', `AWS limits the requests for ${action}. Try again in a minute.`);
  }
  if (EXPIRED.test(name)) {
    return awsError(
      'aws/refused',
      `The credentials of the portal for AWS have expired (${action}). Renew them.`,
    );
  }
  if (UNKNOWN_CREDENTIALS.test(name) || status === 401) {
    return awsError(
      'aws/refused',
      `AWS does not accept the credentials of the portal (${action}). Check them.`,
    );
  }
  if (name.startsWith('AccessDenied') || status === 403) {
    return awsError(
      'aws/refused',
      `The credentials of the portal may not do ${action}. Allow it in their policy.`,
    );
  }
  if (name.startsWith('AWSOrganizationsNotInUse')) {
    return awsError(
      'aws/refused',
      `The account of the portal's credentials is in no organization (${action}). Use those of the management account or of a delegated administrator.`,
    );
  }
  if (status >= 400 && status < 500) {
    return awsError(
      'aws/bad-answer',
      `AWS did not take ${action} (${name}). The log of the portal says more.`,
    );
  }
  return awsError(
    'aws/bad-answer',
    `AWS answered ${action} with something that cannot be used (${name}). Try again; the log of the portal says more.`,
  );
}

/** Names come from the answer: whatever is no plain word is not shown. */
function nameOf(thrown: unknown): string {
  const name = isObject(thrown) ? thrown['name'] : undefined;
  return typeof name === 'string' && /^\w{1,80}$/.test(name) ? name : 'an unknown error';
}

function codeOf(thrown: unknown): string {
  const code = isObject(thrown) ? thrown['code'] : undefined;
  return typeof code === 'string' ? code : '';
}

function statusOf(thrown: unknown): number {
  const metadata = isObject(thrown) ? thrown['$metadata'] : undefined;
  const status = isObject(metadata) ? metadata['httpStatusCode'] : undefined;
  return typeof status === 'number' ? status : 0;
}

function withoutSecrets(text: string, { credentials }: Connection): string {
  const secrets = [credentials?.secretAccessKey, credentials?.sessionToken, credentials?.accessKeyId];
  return secrets.reduce<string>(
    (masked, secret) => (secret ? masked.replaceAll(secret, '***') : masked),
    text,
  );
}
