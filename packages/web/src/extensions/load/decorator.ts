/** Decorators of forms in Backstage's shape: their input is checked by zod, and their services are handed to them. */
import { isObject } from '@callboard/model';
import type { FormDecorator } from '../../pages/create/form/field-extension.ts';
import { requireApi } from '../apis/api-ref.ts';
import { messages } from '../messages.ts';

/** `{id, schema?: {input?: {key: zod => type}}, deps?: {name: ref}, decorator}`; null when it is something else. */
export function toDecorator(given: unknown): FormDecorator | null {
  const { id, schema, deps, decorator } = isObject(given) ? given : {};
  if (typeof id !== 'string' || id === '' || typeof decorator !== 'function') return null;
  return {
    id,
    async decorate(context) {
      const input = await parseInput(id, isObject(schema) ? schema['input'] : undefined, context.input);
      const services = Object.entries(isObject(deps) ? deps : {}).map(([name, ref]) => [
        name,
        requireApi(ref),
      ]);
      await decorator({ ...context, input }, Object.fromEntries(services));
    },
  };
}

/** With defaults put in. Rejects when it does not fit. */
async function parseInput(
  id: string,
  types: unknown,
  input: Readonly<Record<string, unknown>>,
): Promise<Readonly<Record<string, unknown>>> {
  if (!isObject(types)) return input;
  const { z } = await import('../host/zod-3.ts');
  const parsed: Record<string, unknown> = { ...input };
  for (const [key, make] of Object.entries(types)) {
    const type: unknown = typeof make === 'function' ? make(z) : make;
    const parse = isObject(type) ? type['safeParse'] : undefined;
    const result: unknown = typeof parse === 'function' ? parse.call(type, input[key]) : undefined;
    if (!isObject(result)) continue;
    if (result['success'] !== true)
      throw new TypeError(messages.decoratorInput(id, `${key}: ${whyNot(result['error'])}`));
    if (result['data'] !== undefined) parsed[key] = result['data'];
  }
  return parsed;
}

function whyNot(error: unknown): string {
  const issues = isObject(error) && Array.isArray(error['issues']) ? error['issues'] : [];
  const texts = issues.map((issue) => (isObject(issue) ? String(issue['message']) : ''));
  return texts.join('; ');
}
