/** `roadiehq:utils:sleep`: waits. */
import { setTimeout as delay } from 'node:timers/promises';
import { CodedError } from '@callboard/kernel';
import { defineAction, type Action } from '@callboard/plugin';

/** Seconds: as long as a task may take at all. */
const LONGEST = 24 * 60 * 60;

/** `maxSleep`: seconds. Default: a day. */
export function createSleepAction({ maxSleep = LONGEST }: { readonly maxSleep?: number }): Action {
  return defineAction({
    id: 'roadiehq:utils:sleep',
    description: 'Waits for some seconds; a dry-run does not.',
    supportsDryRun: true,
    schema: {
      input: {
        type: 'object',
        required: ['amount'],
        properties: { amount: { type: 'number', title: 'Seconds', minimum: 0 } },
      },
    },
    handler: async ({ input, logger, signal, isDryRun = false }) => {
      const { amount } = input;
      if (!(amount >= 0 && amount <= maxSleep)) {
        const message = `The step would wait for ${amount} seconds. Give "amount" from 0 to ${maxSleep}.`;
        throw new CodedError(400, 'scaffolder/invalid-input', message);
      }
      logger.info(`Waiting ${amount} seconds`);
      if (!isDryRun) await delay(amount * 1_000, undefined, { signal });
    },
  });
}
