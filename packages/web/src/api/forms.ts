/**
 * What the fields of a form may be: the server asks the sources that the template names, as the person who is signed in.
 * And the fields that plugins declare.
 */
import type { AskSource, Option, SourceAnswer } from '@callboard/form';
import { isObject, stringifyRef, type EntityRef, type JsonObject } from '@callboard/model';
import { listFrom, notAnswered } from './answer.ts';
import type { Client } from './client.ts';
import { listIn, objectIn, textIn } from './entity.ts';
import { isJsonObject, isJsonValue } from './json-value.ts';
import { SCAFFOLDER_PATH } from './scaffolder.ts';

/** A template of the catalog, or one that is being written: the whole entity. */
export type AskedTemplate = EntityRef | (() => Readonly<Record<string, unknown>> | null);

/**
 * Asks the server what a field may be. The rules are those of the template: only the values that they read are sent.
 * Rejects with an ApiError.
 */
export function createAskSource(client: Client, template: AskedTemplate): AskSource {
  return async ({ field, what, form, item, holds }, { search, signal }) => {
    const asked = typeof template === 'function' ? template() : stringifyRef(template);
    const body = {
      template: asked,
      need: { field, what, form, item, holds },
      ...(search !== undefined && search !== '' && { search }),
    };
    return toSourceAnswer(await client({ path: `${SCAFFOLDER_PATH}/forms/options`, body, signal }));
  };
}

export function toSourceAnswer(answer: unknown): SourceAnswer {
  if (!isObject(answer) || !Array.isArray(answer['options'])) throw notAnswered('options');
  const options = toOptions(answer, 'options');
  const { total, isTruncated, value } = answer;
  return {
    options,
    total: typeof total === 'number' ? total : options.length,
    isTruncated: isTruncated === true,
    held: toOptions(answer, 'held'),
    ...(isJsonValue(value) && { value }),
  };
}

function toOptions(holder: unknown, key: string): readonly Option[] {
  return listIn(holder, key).flatMap((option) => {
    const value = isObject(option) ? option['value'] : undefined;
    if (!isJsonValue(value)) return [];
    const description = textIn(option, 'description');
    const group = textIn(option, 'group');
    return [
      {
        value,
        label: textIn(option, 'label') ?? (typeof value === 'string' ? value : JSON.stringify(value)),
        ...(description !== null && { description }),
        ...(group !== null && { group }),
      },
    ];
  });
}

/** A field that a plugin declares by rules. */
export interface DeclaredField {
  /** As templates write it, in `ui:field`. */
  readonly name: string;
  /** Null when it is not known. */
  readonly plugin: string | null;
  readonly description: string | null;
  /** JSON Schemas; null when none is given. */
  readonly returnValue: Readonly<Record<string, unknown>> | null;
  readonly uiOptions: Readonly<Record<string, unknown>> | null;
  /** `text`: YAML. */
  readonly examples: readonly { readonly description: string | null; readonly text: string }[];
}

export async function readDeclaredFields(
  client: Client,
  signal: AbortSignal,
): Promise<readonly DeclaredField[]> {
  const answer = await client({ path: `${SCAFFOLDER_PATH}/fields`, signal });
  return listFrom(answer, 'fields').flatMap((field) => {
    const name = textIn(field, 'name');
    if (name === null) return [];
    const { returnValue, uiOptions } = objectIn(field, 'schema');
    return [
      {
        name,
        plugin: textIn(field, 'plugin'),
        description: textIn(field, 'description'),
        returnValue: isObject(returnValue) ? returnValue : null,
        uiOptions: isObject(uiOptions) ? uiOptions : null,
        examples: listIn(field, 'examples').flatMap((example) => {
          const text = textIn(example, 'example');
          return text === null ? [] : [{ description: textIn(example, 'description'), text }];
        }),
      },
    ];
  });
}

/** The pages of a form with the fields of plugins written out. `template`: the whole entity. */
export async function expandForm(
  client: Client,
  template: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): Promise<readonly JsonObject[]> {
  const answer = await client({ path: `${SCAFFOLDER_PATH}/forms/expand`, body: { template }, signal });
  return listFrom(answer, 'pages').map((page) => (isJsonObject(page) ? page : {}));
}
