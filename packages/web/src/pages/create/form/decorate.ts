/** Runs the decorators that a template names, in their order, before its values are sent. */
import type { DecoratorUse, FormValues } from '../../../api/scaffolder.ts';
import type { FormDecorator, Secrets } from './field-extension.ts';

export interface Decorated {
  readonly values: FormValues;
  readonly secrets: Secrets;
}

/** A decorator failed. `cause` is what it threw. */
export class DecoratorError extends Error {
  readonly id: string;
  constructor(id: string, options: ErrorOptions) {
    super(options.cause instanceof Error ? options.cause.message : String(options.cause), options);
    this.name = 'DecoratorError';
    this.id = id;
  }
}

/** Those that there are not are left out: see `unknownDecorators`. Rejects with a DecoratorError. */
export async function decorate(
  start: Decorated,
  uses: readonly DecoratorUse[],
  known: readonly FormDecorator[],
): Promise<Decorated> {
  let { values, secrets } = start;
  for (const { id, input } of uses) {
    const decorator = known.find((one) => one.id === id);
    if (decorator === undefined) continue;
    try {
      await decorator.decorate({
        input,
        formState: values,
        setFormState: (change) => (values = change(values)),
        setSecrets: (change) => (secrets = change(secrets)),
      });
    } catch (cause) {
      throw new DecoratorError(id, { cause });
    }
  }
  return { values, secrets };
}

export function unknownDecorators(
  uses: readonly DecoratorUse[],
  known: readonly FormDecorator[],
): readonly string[] {
  return uses.map(({ id }) => id).filter((id) => known.every((one) => one.id !== id));
}
