/** The first spelling of fields and layouts: data of a component that shows nothing, handed out by a plugin. */
import { attachComponentData, DATA } from './component-data.ts';

interface ShimExtension {
  readonly expose: () => () => null;
}

function createHolder(key: string, value: unknown): () => null {
  const Holder = (): null => null;
  attachComponentData(Holder, key, value);
  return Holder;
}

/** `options`: `{name, component, validation?, schema?}` */
export function createScaffolderFieldExtension(options: unknown): ShimExtension {
  return { expose: () => createHolder(DATA.field, options) };
}

/** `options`: `{name, component}` */
export function createScaffolderLayout(options: unknown): ShimExtension {
  return { expose: () => createHolder(DATA.layout, options) };
}

/** Elements that hold fields and layouts in an app of Backstage's. Here whatever a file exports counts. */
export const ScaffolderFieldExtensions = createHolder(DATA.fields, true);
export const ScaffolderLayouts = createHolder(DATA.layouts, true);
