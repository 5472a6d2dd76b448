/** What the routes are sent: JSON objects that have what is described and nothing else. */
import { isObject } from '@callboard/model';
import { routeError } from './errors.ts';

export interface StartBody {
  readonly golden: string;
  readonly platform?: string;
}

export interface ReasonBody {
  readonly reason: string;
}

export interface ApprovalBody extends ReasonBody {
  readonly planHash: string;
}

/** Characters. */
export const MAX_REASON = 1_000;
export const MAX_GOLDEN = 200;
/** As `linux/amd64`, `linux/arm64/v8`. */
export const PLATFORM = '^[a-z0-9]{1,40}/[a-z0-9_.-]{1,40}(?:/[a-z0-9_.-]{1,40})?$';
export const PLAN_HASH = '^[0-9a-f]{64}$';

/** What breaks a line, or makes the rest of it read as something else: controls, separators, changes of direction. */
const UNFIT = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

/** `POST /patches`. @throws CodedError `images/invalid-body` */
export function parseStart(body: unknown): StartBody {
  const { golden, platform } = objectWith(body, ['golden', 'platform']);
  if (typeof golden !== 'string' || golden === '' || golden.length > MAX_GOLDEN || UNFIT.test(golden)) {
    throw invalidBody('golden must be the name of a golden image, as the configuration has it.');
  }
  if (platform === undefined) return { golden };
  if (typeof platform !== 'string' || !new RegExp(PLATFORM).test(platform)) {
    throw invalidBody('platform must be as linux/amd64 or linux/arm64/v8; leave it out for all of them.');
  }
  return { golden, platform };
}

/** `POST /patches/{id}/approve`. @throws CodedError `images/invalid-body` */
export function parseApproval(body: unknown): ApprovalBody {
  const { planHash, reason } = objectWith(body, ['planHash', 'reason']);
  if (typeof planHash !== 'string' || !new RegExp(PLAN_HASH).test(planHash)) {
    throw invalidBody('planHash must be the hash of the plan that was looked at: records.plan of the patch.');
  }
  return { planHash, reason: toReason(reason) };
}

/** What is done to a patch for a reason alone. @throws CodedError `images/invalid-body` */
export function parseReason(body: unknown): ReasonBody {
  return { reason: toReason(objectWith(body, ['reason'])['reason']) };
}

function toReason(value: unknown): string {
  const reason = typeof value === 'string' ? value.trim() : '';
  if (reason === '') throw invalidBody('reason must say why, in a text that is not empty.');
  // As JSON Schema counts: code points.
  if (Array.from(reason).length > MAX_REASON)
    throw invalidBody(`reason must be at most ${MAX_REASON} characters.`);
  if (typeof value !== 'string' || UNFIT.test(value)) {
    throw invalidBody('reason must be one line, with no control characters.');
  }
  return reason;
}

function objectWith(body: unknown, names: readonly string[]): Readonly<Record<string, unknown>> {
  if (!isObject(body)) {
    throw invalidBody(`Send a JSON object with ${names.join(', ')}, as application/json.`);
  }
  const unknown = Object.keys(body).find((key) => !names.includes(key));
  if (unknown === undefined) return body;
  throw invalidBody(
    `There is no property ${JSON.stringify(unknown.slice(0, 60))}; the body has ${names.join(', ')}.`,
  );
}

function invalidBody(message: string): Error {
  return routeError('images/invalid-body', message);
}
