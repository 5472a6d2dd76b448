/** An account as forms offer it: what AWS lists and what the configuration says of it, put together. */
import type { ConfiguredAccount } from './config.ts';

/** An account of the organization. */
export interface ListedAccount {
  readonly id: string;
  readonly name: string;
  /** Of a tag; null when there is none. */
  readonly environment: string | null;
  /** Names of its organizational units, the outermost first: `Workloads / Production`; null at the root. */
  readonly unit: string | null;
}

export interface Account extends ListedAccount {
  readonly group: string | null;
  /** In the order of the configuration; null: AWS or the configuration of all accounts says it. */
  readonly regions: readonly string[] | null;
  readonly roles: readonly string[] | null;
  readonly allow: readonly string[] | null;
}

/** What the last word of a name can say. */
const ENVIRONMENTS = new Set(
  'dev development integration int live nonprod preprod prod production qa sandbox stage staging test testing uat'.split(
    ' ',
  ),
);

/**
 * The environment that the name of an account ends with, in lower case: `production` of `booking-production`. Null when the
 * last word is no usual name of one.
 */
export function environmentOfName(name: string): string | null {
  const last =
    name
      .toLowerCase()
      .split(/[^a-z0-9]+/)
      .at(-1) ?? '';
  return ENVIRONMENTS.has(last) ? last : null;
}

export interface Organized {
  readonly accounts: readonly ListedAccount[];
  /** Ids of accounts that are suspended or closed. They are not offered, whatever the configuration says. */
  readonly closed: ReadonlySet<string>;
}

/** What the configuration says of an account counts, then its tag, then its name. By name, then by id. */
export function mergeAccounts(
  configured: readonly ConfiguredAccount[],
  { accounts, closed }: Organized,
): readonly Account[] {
  const said = new Map(configured.map((one) => [one.id, one]));
  const listed = new Map(accounts.map((one) => [one.id, one]));
  const ids = new Set([...listed.keys(), ...said.keys()].filter((id) => !closed.has(id)));
  const merged: Account[] = [];
  for (const id of ids) {
    const own = said.get(id);
    const found = listed.get(id);
    const name = own?.name ?? found?.name;
    // One that has only an id in the configuration, and that is not in the organization.
    if (name === undefined) continue;
    merged.push({
      id,
      name,
      environment: own?.environment ?? found?.environment ?? environmentOfName(name),
      unit: found?.unit ?? null,
      group: own?.group ?? null,
      regions: own?.regions ?? null,
      roles: own?.roles ?? null,
      allow: own?.allow ?? null,
    });
  }
  return merged.toSorted((a, b) => compareTexts(a.name, b.name) || compareTexts(a.id, b.id));
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
