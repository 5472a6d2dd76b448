/** Texts of plugins: the English ones that come with the plugin. */
import { isObject } from '@callboard/model';

interface TranslationRef {
  readonly $$type: '@backstage/TranslationRef';
  readonly id: string;
  readonly messages: Readonly<Record<string, string>>;
}

function createTranslationRef({
  id,
  messages,
}: {
  readonly id: string;
  readonly messages: unknown;
}): TranslationRef {
  return { $$type: '@backstage/TranslationRef', id, messages: Object.fromEntries(flat(messages, '')) };
}

/** Nested messages are known by their path, as `form.title`. */
function flat(messages: unknown, prefix: string): readonly (readonly [string, string])[] {
  if (!isObject(messages)) return [];
  return Object.entries(messages).flatMap(([key, value]) =>
    typeof value === 'string' ? [[prefix + key, value] as const] : flat(value, `${prefix}${key}.`),
  );
}

function useTranslationRef(ref: TranslationRef): {
  readonly t: (key: string, values?: Readonly<Record<string, unknown>>) => string;
} {
  return { t: (key, values) => fill(messageOf(ref, key, values), values) };
}

function messageOf(ref: TranslationRef, key: string, values: Readonly<Record<string, unknown>> = {}): string {
  const form = values['count'] === 1 ? 'one' : 'other';
  return ref.messages[`${key}_${form}`] ?? ref.messages[key] ?? key;
}

function fill(message: string, values: Readonly<Record<string, unknown>> = {}): string {
  return message.replaceAll(/\{\{\s*([\w.]+)[^}]*\}\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : whole,
  );
}

export const translation = { createTranslationRef, useTranslationRef };
