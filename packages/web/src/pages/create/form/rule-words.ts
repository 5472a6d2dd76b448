/**
 * The words by which a property depends on other fields: our own (`ui:source`…), Port's (`visible: {jqQuery: …}`), and
 * those of Orchestrator's widgets (`ui:props`). They are read when the form is compiled; to rjsf they would mean nothing,
 * or something else.
 */
import { isObject } from '@callboard/model';

type Node = Readonly<Record<string, unknown>>;

const OURS = new Set([
  'ui:default',
  'ui:enum',
  'ui:props',
  'ui:required',
  'ui:source',
  'ui:validate',
  'ui:visible',
]);
const OF_PORT = new Set(['dataset', 'dependsOn', 'disabled', 'visible']);

/** A property, or a page, as rjsf may see it; the same object when it has no such words. */
export function withoutRules(node: Node): Node {
  const entries = Object.entries(node);
  const kept = entries.filter(([key, value]) => !isRule(key, value));
  return kept.length === entries.length ? node : Object.fromEntries(kept);
}

/** Whether a property says what there is to choose from, so that it can be drawn whatever field it names. */
export function hasChoices(node: Node): boolean {
  return 'ui:source' in node || 'ui:enum' in node || isObject(node['ui:props']) || isQuery(node['enum']);
}

function isRule(key: string, value: unknown): boolean {
  if (OURS.has(key) || OF_PORT.has(key)) return true;
  switch (key) {
    case 'ui:disabled':
      return typeof value !== 'boolean';
    case 'required':
    case 'enum':
      return !Array.isArray(value);
    case 'default':
      return isQuery(value);
    default:
      return false;
  }
}

function isQuery(value: unknown): boolean {
  return isObject(value) && typeof value['jqQuery'] === 'string';
}
