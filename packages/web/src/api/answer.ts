/**
 * Reads the body of an answer as JSON, and the parts of it that it cannot do without. What came instead is said in
 * words, so that an answer that makes no sense is never taken for an empty catalog.
 */
import { isObject } from '@callboard/model';
import { ApiError } from './error.ts';

/** What a proxy's log-in or error page starts with. */
const WEB_PAGE = /^\s*<(?:!doctype|html|\?xml)/i;

/** The parsed body, or null when it is empty. Rejects with an ApiError of status 502 for anything but whole JSON. */
export async function readAnswer(response: Response): Promise<unknown> {
  // A connection that breaks in the middle of the body is a network error, which the caller knows.
  const text = await response.text();
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch (cause) {
    const isPage = WEB_PAGE.test(text);
    throw new ApiError(502, 'AnswerError', isPage ? PAGE : BROKEN, { cause });
  }
}

/** The error of an answer that is something else than was asked for; `what`: as "a list of entities". */
export function notAnswered(what: string): ApiError {
  return new ApiError(502, 'AnswerError', `The answer is not ${what}.`);
}

/** A list that an answer has to have. Throws an ApiError of status 502 when it has none. */
export function listFrom(answer: unknown, key: string): readonly unknown[] {
  const value = isObject(answer) ? answer[key] : undefined;
  if (!Array.isArray(value)) throw missing(key);
  return value;
}

/** As `listFrom`, for an object. */
export function objectFrom(answer: unknown, key: string): Record<string, unknown> {
  const value = isObject(answer) ? answer[key] : undefined;
  if (!isObject(value)) throw missing(key);
  return value;
}

/** As `listFrom`, for a number of things. */
export function countFrom(answer: unknown, key: string): number {
  const value = isObject(answer) ? answer[key] : undefined;
  if (typeof value !== 'number') throw missing(key);
  return value;
}

function missing(key: string): ApiError {
  return new ApiError(
    502,
    'AnswerError',
    `The answer is not what was asked for: "${key}" is missing, or of another type.`,
  );
}

const PAGE =
  'The answer is a web page instead of data. Something between this browser and the portal, such as a proxy that wants a log-in, may have sent it.';
const BROKEN = 'The answer is not JSON: it was cut off, or something else than the portal sent it.';
