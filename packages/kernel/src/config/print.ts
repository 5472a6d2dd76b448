/**
 * Who may see which value: the part for the browser, the whole with its secrets masked, and the secrets
 * alone. Backstage's rules: a value is for the backend unless a schema says frontend, and an object or list
 * is shown when anything in it is. Differences, all to the safe side: everything in a secret is secret, an
 * explicit `backend` below `deepVisibility: frontend` stays in the backend, and alternatives of a schema
 * that a value does not take show nothing.
 */
import type { JsonObject, JsonPrimitive, JsonValue } from '@callboard/model';
import type { Config } from './config.ts';
import type { LoadedConfig } from './load.ts';
import {
  rulesBelow,
  rulesOf,
  visibilityOf,
  type ConfigSchema,
  type Rule,
  type Visibility,
} from './schema.ts';
import { MASK, maskText, secretByName, secretsInText, type NamedSecret } from './secrets.ts';
import { isJsonObject, isNull, type ConfigNode, type ScalarNode } from './tree.ts';

/** What is known about a value on the way down to it. */
interface View {
  readonly rules: readonly Rule[];
  /** What schemas say of this value; null when they say nothing. */
  readonly visibility: Visibility | null;
  /** What `deepVisibility` above says of everything below. */
  readonly deep: Visibility | null;
  /** What the name of the key, or of one above, suggests. */
  readonly named: NamedSecret | null;
}

/** The values that schemas make visible to the browser. `config` is the whole configuration, not a part. */
export function frontendConfig(config: Config, schemas: readonly ConfigSchema[]): JsonObject {
  const root = config.tree();
  const shown = frontendPart(root, rootView(schemas, root));
  return isJsonObject(shown) ? shown : {};
}

export interface PrintOptions {
  /** Default: `all`. */
  readonly visibility?: 'frontend' | 'all';
  /** Default: false; secrets read `<secret>`. */
  readonly showSecrets?: boolean;
}

/**
 * The configuration as plain JSON to show to a person. Masked is what a schema calls secret; where no schema
 * states a visibility, what has the name of a secret (password, token, apiKey …); and, unless a schema says
 * frontend, private keys and the passwords in URLs.
 */
export function printConfig(loaded: LoadedConfig, options: PrintOptions = {}): JsonObject {
  const { visibility = 'all', showSecrets = false } = options;
  const { config } = loaded;
  const { schemas = [] } = loaded.options;
  if (visibility === 'frontend') return frontendConfig(config, schemas);
  const root = config.tree();
  const printed = convert(root, rootView(schemas, root), (node, view) =>
    showSecrets ? node.value : maskScalar(node, view),
  );
  return isJsonObject(printed) ? printed : {};
}

/** Shorter texts are no use as a pattern: they would black out ordinary words. */
const MIN_SECRET_LENGTH = 6;

/**
 * Every text that `printConfig` masks, so that logs can leave it out: as configured, without repeats, the
 * longest first. Texts of fewer than 6 signs are not in it.
 */
export function secretValues(config: Config, schemas: readonly ConfigSchema[]): string[] {
  const found = new Set<string>();
  const root = config.tree();
  convert(root, rootView(schemas, root), (node, view) => {
    const { value } = node;
    if (isSecret(node, view)) found.add(String(value));
    else if (typeof value === 'string' && view.visibility !== 'frontend') {
      for (const part of secretsInText(value)) found.add(part);
    }
    return value;
  });
  const long = [...found].filter((text) => text.length >= MIN_SECRET_LENGTH);
  return long.toSorted((a, b) => b.length - a.length);
}

function rootView(schemas: readonly ConfigSchema[], root: ConfigNode): View {
  return viewOf(rulesOf(schemas, root), { deep: null, named: null });
}

function viewOf(
  rules: readonly Rule[],
  above: { readonly deep: Visibility | null; readonly named: NamedSecret | null },
): View {
  const own = visibilityOf(rules, 'visibility');
  const ownDeep = visibilityOf(rules, 'deepVisibility');
  const secret = [own, ownDeep, above.deep].includes('secret');
  const deep = ownDeep ?? above.deep;
  if (!secret) return { rules, visibility: own ?? above.deep, deep, named: above.named };
  // What a secret holds is secret as well, unless a schema states otherwise.
  return { rules, visibility: 'secret', deep: deep === null ? null : 'secret', named: 'everything' };
}

function viewBelow(view: View, step: string | number, child: ConfigNode): View {
  const { deep } = view;
  const inherits = typeof step === 'number' || view.named === 'everything';
  const named = inherits ? view.named : secretByName(step);
  return viewOf(rulesBelow(view.rules, step, child), { deep, named });
}

/** A text or number in a list is seen as the list is, unless it has a visibility of its own. */
function viewOfItem(list: View, item: ConfigNode, index: number): View {
  const view = viewBelow(list, index, item);
  if (item.kind !== 'scalar' || view.visibility !== null) return view;
  return { ...view, visibility: list.visibility };
}

function frontendPart(node: ConfigNode, view: View): JsonValue | undefined {
  const visible = view.visibility === 'frontend';
  if (node.kind === 'scalar') return visible && node.value !== null ? node.value : undefined;
  if (node.kind === 'list') {
    const items = node.items
      .map((item, index) => frontendPart(item, viewOfItem(view, item, index)))
      .filter((item) => item !== undefined);
    return visible || items.length > 0 ? items : undefined;
  }
  const entries: [string, JsonValue][] = [];
  for (const [key, child] of node.entries) {
    const value = frontendPart(child, viewBelow(view, key, child));
    if (value !== undefined) entries.push([key, value]);
  }
  return visible || entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

/** The whole as plain JSON, with every text, number and boolean passed through `change`. */
function convert(
  node: ConfigNode,
  view: View,
  change: (node: ScalarNode, view: View) => JsonPrimitive,
): JsonValue {
  if (node.kind === 'scalar') return change(node, view);
  if (node.kind === 'list') {
    return node.items.map((item, index) => convert(item, viewOfItem(view, item, index), change));
  }
  const kept = [...node.entries].filter(([, child]) => !isNull(child));
  return Object.fromEntries(
    kept.map(([key, child]) => [key, convert(child, viewBelow(view, key, child), change)]),
  );
}

function isSecret({ value }: ScalarNode, view: View): boolean {
  if (value === null || value === '') return false;
  if (view.visibility !== null) return view.visibility === 'secret';
  return view.named !== null && typeof value !== 'boolean';
}

function maskScalar(node: ScalarNode, view: View): JsonPrimitive {
  if (isSecret(node, view)) return MASK;
  const masked = typeof node.value === 'string' && view.visibility !== 'frontend';
  return masked ? maskText(node.value) : node.value;
}
