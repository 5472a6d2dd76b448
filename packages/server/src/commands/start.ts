/** `callboard start`: the portal until somebody stops it. */
import { startPortal } from '../main.ts';
import { readArgs, type Command } from './context.ts';

export const startCommand: Command = async (args, context) => {
  const { values } = readArgs(args, { dev: { type: 'boolean' } });
  const plain = values.json !== true && context.isTerminal;
  const portal = await startPortal({
    configFiles: values.config ?? [],
    cwd: context.cwd,
    env: context.env,
    plainLog: plain,
    write: context.out,
  });
  const seconds = (performance.now() / 1_000).toFixed(2);
  context.out(
    values.json === true
      ? `${JSON.stringify({ ready: true, url: portal.url, entities: portal.entities, seconds: Number(seconds) })}\n`
      : `\n  Callboard is ready at ${portal.url}  (${portal.entities} entities, ${seconds} s)\n\n`,
  );
  await stopped();
  await portal[Symbol.asyncDispose]();
  return 0;
};

/** Resolves at the first signal to stop; a second one ends the process at once. */
function stopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.once(signal, () => {
        process.once(signal, () => process.exit(1));
        resolve();
      });
    }
  });
}
