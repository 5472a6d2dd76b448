/** A plugin whose steps a test can hold back, loaded as any file that the configuration names. */
import { defineAction, definePlugin, type Action } from '@callboard/plugin';

/** The steps that are held back, of the engine that was opened last. */
export const held: { release: () => void } = { release: () => undefined };

export const plugin = definePlugin({
  id: 'harbourline',
  provision: () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    held.release = resolve;
    return {
      actions: [holdUntil(promise), failOnce()],
      globals: { company: { value: 'Harbourline' } },
      autocomplete: {
        harbourline: async ({ resource, context }) => ({
          results: [{ id: `${resource} of ${context['owner'] ?? 'all'}`, title: 'One' }],
        }),
      },
    };
  },
});

function holdUntil(released: Promise<void>): Action {
  return defineAction({
    id: 'test:hold',
    schema: { input: { type: 'object' } },
    handler: async ({ signal }) => {
      const stopped = Promise.withResolvers<void>();
      signal.addEventListener('abort', () => stopped.reject(signal.reason));
      await Promise.race([released, stopped.promise]);
    },
  });
}

function failOnce(): Action {
  let count = 0;
  return defineAction({
    id: 'test:fail-once',
    schema: { input: { type: 'object' } },
    handler: async () => {
      count += 1;
      if (count === 1) throw new Error('The forge is away.');
    },
  });
}
