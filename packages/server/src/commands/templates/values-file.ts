/** Values and secrets of a form from a file, YAML or JSON. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isObject, type JsonObject, type JsonValue } from '@callboard/model';
import { parse } from 'yaml';
import { UsageError } from '../context.ts';

/** Empty when no file is named. @throws UsageError naming the option */
export async function readValuesFile(
  file: string | undefined,
  { option, here }: { readonly option: string; readonly here: string },
): Promise<JsonObject> {
  if (file === undefined) return {};
  const text = await readNamed(file, { option, here });
  const value = parsed(text.toString('utf8'), `${option}: ${file}`);
  if (!isJsonObject(value)) throw new UsageError(`${option}: ${file} is not an object of values`);
  return value;
}

/** @throws UsageError naming the option */
export async function readSecretsFile(
  file: string | undefined,
  here: string,
): Promise<Readonly<Record<string, string>>> {
  const values = await readValuesFile(file, { option: '--secrets', here });
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      if (typeof value !== 'string') throw new UsageError(`--secrets: ${name} is not a text`);
      return [name, value];
    }),
  );
}

/** @throws UsageError naming the option */
export async function readNamed(
  file: string,
  { option, here }: { readonly option: string; readonly here: string },
): Promise<Buffer> {
  try {
    return await readFile(resolve(here, file));
  } catch (cause) {
    throw new UsageError(`${option}: ${file} cannot be read`, { cause });
  }
}

function parsed(text: string, name: string): JsonValue {
  try {
    const value: unknown = parse(text, { maxAliasCount: 100 });
    const json: JsonValue = JSON.parse(JSON.stringify(value ?? {}));
    return json;
  } catch (cause) {
    throw new UsageError(`${name} is no YAML`, { cause });
  }
}

function isJsonObject(value: JsonValue): value is JsonObject {
  return isObject(value);
}
