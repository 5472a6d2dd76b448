/** Tells JSON Schema from what other libraries call a schema. */
import { isObject } from '@callboard/model';

const DEEPEST = 100;

/** What is wrong with an action's schema and what to do, to follow its name; null for JSON Schema, or for none. */
export function schemaProblem(schema: unknown): string | null {
  if (schema === undefined || schema === null) return null;
  if (typeof schema === 'function') {
    return 'is a function of zod: give the action to createTemplateAction, which makes JSON Schema of it.';
  }
  if (!isObject(schema)) return 'has to be an object: JSON Schema.';
  if (isZod(schema)) return 'is a schema of zod: give z.toJSONSchema(schema) instead.';
  const members = Object.entries(schema);
  const [functionKey] = members.find(([, value]) => typeof value === 'function') ?? [];
  if (functionKey !== undefined) {
    return `has functions of zod, as for "${functionKey}": give the action to createTemplateAction, which makes JSON Schema of them.`;
  }
  const [zodKey] = members.find(([, value]) => isZod(value)) ?? [];
  if (zodKey !== undefined) {
    return `has schemas of zod, as for "${zodKey}": give z.toJSONSchema(z.object({ … })) instead.`;
  }
  return isJson(schema, 0)
    ? null
    : 'is not JSON: it has a function, a class or a circle in it. Write it as plain JSON Schema.';
}

/** Zod 3 and 4 both carry their definition in `_def`; Standard Schema in `~standard`. */
function isZod(value: unknown): boolean {
  return isObject(value) && ('_def' in value || '~standard' in value);
}

function isJson(value: unknown, depth: number): boolean {
  if (value === null || value === undefined) return true;
  if (['string', 'boolean', 'number'].includes(typeof value)) return true;
  if (depth > DEEPEST || typeof value !== 'object') return false;
  return Object.values(value).every((item) => isJson(item, depth + 1));
}
