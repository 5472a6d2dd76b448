/** Lets Node read @rjsf/utils as the bundler does: its entry for Node is CommonJS whose names Node does not see. */
import { registerHooks } from 'node:module';

const NAME = '@rjsf/utils';

/** To be called before anything that needs it is imported, which therefore has to be imported while the test runs. */
export function readRjsfAsModule(): void {
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier !== NAME) return next(specifier, context);
      const entry = next(specifier, context).url;
      return { url: entry.replace('/dist/index.js', '/lib/index.js'), format: 'module', shortCircuit: true };
    },
  });
}
