/**
 * The accounts of an organization, with the names of their organizational units and the environment that a tag says.
 * https://docs.aws.amazon.com/organizations/latest/APIReference/
 */
import type * as Library from '@aws-sdk/client-organizations';
import { CodedError } from '@callboard/kernel';
import type { ActionLogger } from '@callboard/plugin';
import type { ListedAccount, Organized } from './account.ts';
import { call, callForAll, each, toClientOptions, type CallDeps } from './call.ts';
import type { AwsConfig } from './config.ts';
import { createKeep } from './keep.ts';

export type Organizations = NonNullable<AwsConfig['organizations']>;

export interface OrganizationDeps extends CallDeps {
  /** Whether the names of units are wanted. */
  readonly withUnits: boolean;
}

export interface Organization {
  /** Kept for five minutes; tags and units for an hour. */
  readonly accounts: () => Promise<Organized>;
  /** Id of the account that manages it. Kept for an hour. */
  readonly managedBy: () => Promise<string | null>;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** What one page of each operation can hold at most. */
const PAGE = 20;
const SEPARATOR = ' / ';

/** What all of the requests for one list share. */
interface Session {
  readonly library: typeof Library;
  readonly client: Library.OrganizationsClient;
  readonly signal: AbortSignal;
  readonly doing: (action: string) => Parameters<typeof call>[0];
}

export function createOrganization(connection: Organizations, deps: OrganizationDeps): Organization {
  const { now, logger, withUnits } = deps;
  const open = createOpen(connection, deps);
  const onOld = (what: string): void => logger.warn(`AWS: what it said of ${what} before is used on.`);
  const rarely = { now, onOld, fresh: HOUR, usable: DAY };
  const unitsUnlessRefused = <Answer>(asked: Promise<Answer>): Promise<Answer | null> =>
    unlessRefused(asked, { what: 'organizational units', logger });

  const units = createKeep({ ...rarely, load: async () => unitsUnlessRefused(loadUnits(await open())) });
  const parents = createKeep({
    ...rarely,
    load: async (id) => unitsUnlessRefused(loadParent(await open(), id)),
  });
  const tags = createKeep({
    ...rarely,
    load: async (id) => loadTag(await open(), { id, tag: connection.environmentTag }),
  });
  const manager = createKeep({ ...rarely, load: async () => loadManager(await open()) });

  const tagsOf = async (active: readonly Library.Account[]): Promise<ReadonlyMap<string, string | null>> =>
    new Map(await each(active, async ({ Id = '' }) => [Id, await tags(Id)] as const));
  const accounts = createKeep({
    now,
    onOld,
    fresh: 5 * MINUTE,
    usable: HOUR,
    load: async () => {
      const found = await loadAccounts(await open());
      const active = found.filter(isActive);
      const names = withUnits ? await units('units') : null;
      const tagged =
        connection.environmentTag === null
          ? null
          : await unlessRefused(tagsOf(active), { what: 'tags', logger });
      const listed = await each(active, async ({ Id: id = '', Name, Paths }): Promise<ListedAccount> => {
        const environment = tagged?.get(id) ?? null;
        const account = { id, name: Name ?? id, environment };
        if (names === null) return { ...account, unit: null };
        const [path] = Paths ?? [];
        const parent = path === undefined ? await parents(id) : unitOfPath(path);
        return { ...account, unit: names.get(parent ?? '') ?? null };
      });
      const closed = new Set(found.flatMap((one) => (isActive(one) ? [] : [one.Id ?? ''])));
      return { accounts: listed, closed };
    },
  });
  return { accounts: () => accounts('accounts'), managedBy: () => manager('manager') };
}

function createOpen(connection: Organizations, deps: OrganizationDeps): () => Promise<Session> {
  let opened: Promise<Pick<Session, 'library' | 'client'>> | null = null;
  return async () => {
    opened ??= import('@aws-sdk/client-organizations').then((library) => ({
      library,
      client: new library.OrganizationsClient(toClientOptions(connection, deps)),
    }));
    const signal = AbortSignal.timeout(deps.limits.list);
    const doing: Session['doing'] = (action) => ({
      ...deps,
      connection,
      signal,
      action: `organizations:${action}`,
    });
    return { ...(await opened), signal, doing };
  };
}

/** Null: AWS does not let the portal see it, and forms do without. */
async function unlessRefused<Answer>(
  asked: Promise<Answer>,
  { what, logger }: { readonly what: string; readonly logger: ActionLogger },
): Promise<Answer | null> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof CodedError) || error.code !== 'aws/refused') throw error;
    logger.warn(`AWS: forms do without ${what}: ${error.message}`);
    return null;
  }
}

/** `Status` is what AWS answered until `State` came. */
function isActive({ Id, State, Status }: Library.Account): boolean {
  return Id !== undefined && (State ?? Status) === 'ACTIVE';
}

function loadAccounts({ library, client, signal, doing }: Session): Promise<readonly Library.Account[]> {
  const config = { client, pageSize: PAGE, stopOnSameToken: true };
  const pages = library.paginateListAccounts(config, {}, { abortSignal: signal });
  return callForAll(doing('ListAccounts'), pages, (page) => page.Accounts);
}

/** Names of all units, with those above them, by id. */
async function loadUnits(session: Session): Promise<ReadonlyMap<string, string>> {
  const { library, client, signal, doing } = session;
  const config = { client, pageSize: PAGE, stopOnSameToken: true };
  const asked = { abortSignal: signal };
  const roots = await callForAll(
    doing('ListRoots'),
    library.paginateListRoots(config, {}, asked),
    (page) => page.Roots,
  );
  const names = new Map<string, string>();
  let level: readonly { readonly id: string; readonly above: readonly string[] }[] = roots.map(({ Id }) => ({
    id: Id ?? '',
    above: [],
  }));
  // AWS allows five levels; an answer that goes round does not keep it here for ever.
  while (level.length > 0) {
    const below = await each(level, async ({ id, above }) => {
      const pages = library.paginateListOrganizationalUnitsForParent(config, { ParentId: id }, asked);
      const units = await callForAll(
        doing('ListOrganizationalUnitsForParent'),
        pages,
        (page) => page.OrganizationalUnits,
      );
      return units.map(({ Id = '', Name = Id }) => ({ id: Id, above: [...above, Name] }));
    });
    level = below.flat().filter(({ id }) => !names.has(id));
    for (const { id, above } of level) names.set(id, above.join(SEPARATOR));
  }
  return names;
}

/** The innermost unit of `o-…/r-…/ou-…/`; null when it says none. */
function unitOfPath(path: string): string | null {
  return path.match(/\bou-[a-z0-9]+-[a-z0-9]+/g)?.at(-1) ?? null;
}

async function loadParent({ library, client, signal, doing }: Session, id: string): Promise<string | null> {
  const pages = library.paginateListParents(
    { client, stopOnSameToken: true },
    { ChildId: id },
    { abortSignal: signal },
  );
  const [parent] = await callForAll(doing('ListParents'), pages, (page) => page.Parents);
  return parent?.Id ?? null;
}

async function loadTag(
  { library, client, signal, doing }: Session,
  { id, tag }: { readonly id: string; readonly tag: string | null },
): Promise<string | null> {
  const config = { client, stopOnSameToken: true };
  const pages = library.paginateListTagsForResource(config, { ResourceId: id }, { abortSignal: signal });
  const tags = await callForAll(doing('ListTagsForResource'), pages, (page) => page.Tags);
  const value = tags.find(({ Key }) => Key?.toLowerCase() === tag?.toLowerCase())?.Value;
  return value === undefined || value === '' ? null : value;
}

async function loadManager({ library, client, signal, doing }: Session): Promise<string | null> {
  const command = new library.DescribeOrganizationCommand({});
  const answer = await call(doing('DescribeOrganization'), () =>
    client.send(command, { abortSignal: signal }),
  );
  return answer.Organization?.MasterAccountId ?? null;
}
