/** Asks a plugin for what a field can be set to. What it throws is told at the field. */
import { messageOf } from '@callboard/kernel';
import type { JsonObject, JsonValue } from '@callboard/model';
import type { OptionsProvider, OptionsUser } from '@callboard/plugin';
import { isDeeperThan } from '../depth.ts';
import { sourceFailed } from './source-error.ts';

/** Milliseconds. */
const TIMEOUT = 20_000;
const MAX_DEPTH = 100;
const MAX_SHOWN = 300;

/** @throws CodedError 503 `scaffolder/source-failed` */
export async function askProvider(
  provide: OptionsProvider,
  asked: {
    readonly name: string;
    readonly input: JsonObject;
    readonly user: OptionsUser;
    readonly signal: AbortSignal;
  },
): Promise<readonly JsonValue[]> {
  const { name, input, user, signal } = asked;
  const late = AbortSignal.timeout(TIMEOUT);
  const until = AbortSignal.any([signal, late]);
  const gone = Promise.withResolvers<never>();
  const leave = (): void => gone.reject(until.reason);
  until.addEventListener('abort', leave, { once: true });
  try {
    const given: unknown = await Promise.race([provide({ input, user, signal: until }), gone.promise]);
    if (!Array.isArray(given) || isDeeperThan(given, MAX_DEPTH)) {
      throw new Error('it gave something else than a list');
    }
    const items: readonly JsonValue[] = JSON.parse(JSON.stringify(given));
    return items;
  } catch (error) {
    if (signal.aborted) throw error;
    const why = late.aborted ? `it took longer than ${TIMEOUT} ms` : messageOf(error).slice(0, MAX_SHOWN);
    throw sourceFailed(`${name} gave no options: ${why}`);
  } finally {
    until.removeEventListener('abort', leave);
  }
}
