/** Every error that the plugin throws of its own: stable code and HTTP status. */
import { CodedError, type ErrorStatus } from '@callboard/kernel';

/** Code → HTTP status. */
const AWS_ERRORS = {
  /** Something under `aws` in the configuration is wrong; the message names each key. */
  'aws/bad-config': 500,
  /** The configuration does not say where accounts, roles or regions come from. */
  'aws/not-configured': 501,
  /** A template gives a provider an input that it cannot use. */
  'aws/bad-input': 400,
  /** There is no such account, or the person may not use it. */
  'aws/no-such-account': 404,
  /** AWS does not accept the credentials of the portal, or they may not do what is needed. */
  'aws/refused': 403,
  /** AWS limits the requests, also after several attempts. */
  'aws/throttled': 429,
  /** AWS cannot be reached, or does not answer in time. */
  'aws/unreachable': 503,
  /** AWS failed, or answered something that cannot be understood. */
  'aws/bad-answer': 503,
} as const satisfies Record<string, ErrorStatus>;

export function awsError(code: keyof typeof AWS_ERRORS, message: string): CodedError {
  return new CodedError(AWS_ERRORS[code], code, message);
}
