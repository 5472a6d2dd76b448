/** The lists that forms choose from. What a person may not use is in none of them. */
import { isObject, type JsonObject, type JsonValue } from '@callboard/model';
import type { OptionsProvider } from '@callboard/plugin';
import type { Account } from './account.ts';
import { GROUPINGS, type GroupBy } from './config.ts';
import type { Directory } from './directory.ts';
import { awsError } from './errors.ts';

/** The group of what is not the account's own. */
const OTHERS = 'Of other accounts';

export function createProviders(
  directory: Directory,
  { groupBy }: { readonly groupBy: GroupBy },
): Readonly<Record<string, OptionsProvider>> {
  return {
    'aws:accounts': async ({ input, ...asker }) => {
      const wanted = readTexts(input, 'environment').map((one) => one.toLowerCase());
      const grouping = readGroupBy(input) ?? groupBy;
      const accounts = await directory.accounts(asker);
      return accounts
        .filter(({ environment }) => wanted.length === 0 || wanted.includes(environment?.toLowerCase() ?? ''))
        .map((account) => toItem(account, grouping));
    },
    'aws:roles': async ({ input, ...asker }) => {
      const key = readText(input, 'account');
      if (key === null) return [];
      const roles = await directory.roles(asker, await directory.account(asker, key));
      return roles.map(({ name, description }) => ({ name, ...(description !== null && { description }) }));
    },
    'aws:regions': async ({ input, ...asker }) => {
      const key = readText(input, 'account');
      if (key === null) return [];
      const regions = await directory.regions(asker, await directory.account(asker, key));
      return regions.map((name) => ({ name }));
    },
    'aws:environments': async ({ input, ...asker }) => {
      const key = readText(input, 'account');
      const account = key === null ? null : await directory.account(asker, key);
      if (account !== null && account.environment !== null) return [{ name: account.environment }];
      const accounts = await directory.accounts(asker);
      const names = new Set(accounts.flatMap(({ environment }) => environment ?? []));
      return [...names].toSorted().map((name) => ({ name, ...(account !== null && { group: OTHERS }) }));
    },
  };
}

function toItem(account: Account, grouping: GroupBy): JsonObject {
  const { id, name, environment } = account;
  const group = groupOf(account, grouping);
  return { id, name, ...(environment !== null && { environment }), ...(group !== null && { group }) };
}

/** A group that the configuration names counts before all others. */
function groupOf({ group, unit, environment }: Account, grouping: GroupBy): string | null {
  if (grouping === 'none') return null;
  return group ?? (grouping === 'ou' ? unit : environment);
}

/** Null: not given, or nothing is chosen yet. */
function readText(input: JsonObject, key: string): string | null {
  const value = input[key];
  if (isNothing(value)) return null;
  if (typeof value === 'string') return value;
  throw awsError(
    'aws/bad-input',
    `"${key}" has to be a text, and is ${describe(value)}. Correct "with" in the template.`,
  );
}

function readTexts(input: JsonObject, key: string): readonly string[] {
  const value = input[key];
  if (!Array.isArray(value)) return [readText(input, key) ?? []].flat();
  return value.flatMap((one: JsonValue) => readText({ [key]: one }, key) ?? []);
}

function readGroupBy(input: JsonObject): GroupBy | null {
  const text = readText(input, 'groupBy');
  if (text === null) return null;
  const found = GROUPINGS.find((one) => one === text);
  if (found !== undefined) return found;
  throw awsError(
    'aws/bad-input',
    `"groupBy" has to be one of ${GROUPINGS.join(', ')}. Correct it in the template.`,
  );
}

function isNothing(value: JsonValue | undefined): value is undefined | null | '' {
  return value === undefined || value === null || value === '';
}

function describe(value: JsonValue | undefined): string {
  if (Array.isArray(value)) return 'a list';
  return isObject(value) ? 'an object' : `a ${typeof value}`;
}
