/** Data that is attached to a component without showing, as Backstage's app reads it from elements of its tree. */
import { isObject } from '@callboard/model';

const attached = new WeakMap<object, Map<string, unknown>>();

/** Kinds of data that this portal reads. */
export const DATA = {
  field: 'scaffolder.extensions.field.v1',
  fields: 'scaffolder.extensions.wrapper.v1',
  layout: 'scaffolder.layout.v1',
  layouts: 'scaffolder.layouts.wrapper.v1',
} as const;

export function attachComponentData(component: unknown, key: string, value: unknown): void {
  if (!isCarrier(component)) throw new TypeError('attachComponentData needs a component.');
  const data = attached.get(component) ?? new Map<string, unknown>();
  data.set(key, value);
  attached.set(component, data);
}

/** `of`: a component, or an element of it. Undefined when there is none. */
export function getComponentData(of: unknown, key: string): unknown {
  const component = isObject(of) && 'type' in of && 'props' in of ? of['type'] : of;
  return isCarrier(component) ? attached.get(component)?.get(key) : undefined;
}

function isCarrier(value: unknown): value is object {
  return typeof value === 'function' || isObject(value);
}
