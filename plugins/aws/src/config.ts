/** What `aws` in the configuration says: accounts, where more of them come from, and who may use which. */
import { parseRef, stringifyRef, type JsonValue } from '@callboard/model';
import { awsError } from './errors.ts';
import { isJsonObject, readerOf, type Reader } from './read-config.ts';

/** How a service of AWS is called. */
export interface Connection {
  readonly region: string;
  /** Null: that of AWS. */
  readonly endpoint: string | null;
  /** A profile of the AWS configuration files, which may assume a role; null: the default of the SDK. */
  readonly profile: string | null;
  /** Secret. Null: what the SDK finds in its environment. */
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  } | null;
}

/** An account as the configuration names it. What is null is not said there. */
export interface ConfiguredAccount {
  /** Twelve digits. */
  readonly id: string;
  readonly name: string | null;
  readonly environment: string | null;
  readonly group: string | null;
  readonly regions: readonly string[] | null;
  readonly roles: readonly string[] | null;
  /** Full references of users and groups. */
  readonly allow: readonly string[] | null;
}

/** Who may use the accounts whose name or id fits one of the patterns (`*` is any text). */
export interface AccessRule {
  readonly accounts: readonly string[];
  readonly allow: readonly string[];
}

export interface AwsConfig {
  readonly accounts: readonly ConfiguredAccount[];
  readonly access: readonly AccessRule[];
  /** For accounts that name none; null: Identity Center has them. */
  readonly roles: readonly string[] | null;
  /** For accounts that name none; null: AWS is asked. */
  readonly regions: readonly string[] | null;
  readonly groupBy: GroupBy;
  readonly organizations: (Connection & { readonly environmentTag: string | null }) | null;
  readonly identityCenter: (Connection & { readonly instanceArn: string }) | null;
  /** Of the Account Management API. */
  readonly accountApi: Connection | null;
}

export type GroupBy = 'ou' | 'environment' | 'none';
export const GROUPINGS: readonly GroupBy[] = ['ou', 'environment', 'none'];

const CONNECTION = [
  'region',
  'endpoint',
  'profile',
  'accessKeyId',
  'secretAccessKey',
  'sessionToken',
] as const;
const KEYS = 'accounts access roles regions groupBy organizations identityCenter accountApi'.split(' ');
const ACCOUNT_KEYS = 'id name environment group regions roles allow'.split(' ');
/** Organizations and the Account Management API are global; this is where they are. */
const GLOBAL_REGION = 'us-east-1';

/** @throws CodedError `aws/bad-config`, which names everything that is wrong */
export function parseAwsConfig(value: JsonValue | undefined): AwsConfig {
  const problems: string[] = [];
  const given = value ?? {};
  if (!isJsonObject(given)) throw awsError('aws/bad-config', '"aws" has to be an object.');
  const reader = readerOf(given, { at: 'aws', known: KEYS }, (key, problem) => {
    problems.push(`"${key}" ${problem}`);
  });
  const organizations = readOrganizations(reader);
  const config: AwsConfig = {
    accounts: readAccounts(reader, organizations !== null),
    access: reader.parts('access', ['accounts', 'allow']).map(readAccess),
    roles: reader.texts('roles'),
    regions: reader.texts('regions'),
    groupBy: reader.oneOf('groupBy', GROUPINGS) ?? 'ou',
    organizations,
    identityCenter: readIdentityCenter(reader, organizations),
    accountApi: readAccountApi(reader, organizations),
  };
  if (problems.length === 0) return config;
  throw awsError('aws/bad-config', `${problems.join('; ')}. Correct it in the configuration.`);
}

function readAccounts(reader: Reader, mayLackName: boolean): readonly ConfiguredAccount[] {
  const accounts = reader.parts('accounts', ACCOUNT_KEYS).flatMap((one) => {
    const id = readId(one);
    const name = one.text('name');
    if (name === null && !mayLackName) one.complain('name', 'is missing');
    if (id === null) return [];
    const texts = { environment: one.text('environment'), group: one.text('group') };
    const lists = { regions: one.texts('regions'), roles: one.texts('roles'), allow: readRefs(one) };
    return [{ id, name, ...texts, ...lists }];
  });
  const seen = new Set<string>();
  for (const { id } of accounts) {
    if (seen.has(id)) reader.complain('accounts', `has the account ${id} twice`);
    seen.add(id);
  }
  return accounts;
}

/** YAML makes a number of an id without quotes, and takes its leading zeros away. */
function readId(reader: Reader): string | null {
  const found = reader.value('id');
  const text =
    typeof found === 'number' && Number.isSafeInteger(found) ? String(found).padStart(12, '0') : found;
  if (typeof text === 'string' && /^\d{12}$/.test(text)) return text;
  reader.complain('id', 'has to be the twelve digits of an account, in quotes');
  return null;
}

function readAccess(reader: Reader): AccessRule {
  const accounts = reader.texts('accounts');
  const allow = readRefs(reader);
  if (accounts === null) reader.complain('accounts', "has to say for which accounts, as ['*-prod']");
  if (allow === null) reader.complain('allow', 'has to say who, as [group:default/platform]');
  return { accounts: accounts ?? [], allow: allow ?? [] };
}

/** `allow`, in full and in lower case. */
function readRefs(reader: Reader): readonly string[] | null {
  const refs = reader.texts('allow');
  return (
    refs?.flatMap((ref) => {
      const parsed = parsedRef(ref);
      if (parsed === null) reader.complain('allow', `has "${ref}", which is no reference of a user or group`);
      return parsed === null ? [] : [parsed];
    }) ?? null
  );
}

function parsedRef(ref: string): string | null {
  if (!/^(?:user|group):/i.test(ref)) return null;
  const parsed = parseRef(ref);
  return parsed === null ? null : stringifyRef(parsed);
}

function readOrganizations(reader: Reader): AwsConfig['organizations'] {
  const part = reader.part('organizations', [...CONNECTION, 'environmentTag']);
  if (part === null) return null;
  const environmentTag =
    part.value('environmentTag') === false ? null : (part.text('environmentTag') ?? 'environment');
  return { ...readConnection(part, { region: GLOBAL_REGION, shared: null }), environmentTag };
}

function readIdentityCenter(reader: Reader, shared: Connection | null): AwsConfig['identityCenter'] {
  const part = reader.part('identityCenter', [...CONNECTION, 'instanceArn']);
  if (part === null) return null;
  const instanceArn = part.text('instanceArn');
  const region = part.text('region');
  if (instanceArn === null) part.complain('instanceArn', 'is missing');
  if (region === null) part.complain('region', 'is missing: Identity Center lives in one region');
  return { ...readConnection(part, { region: '', shared }), instanceArn: instanceArn ?? '' };
}

/** With the credentials of Organizations when it has none of its own. */
function readAccountApi(reader: Reader, shared: Connection | null): Connection | null {
  const part = reader.part('accountApi', CONNECTION);
  if (part !== null) return readConnection(part, { region: GLOBAL_REGION, shared });
  return shared === null ? null : { ...shared, region: GLOBAL_REGION, endpoint: null };
}

function readConnection(
  reader: Reader,
  fallback: { readonly region: string; readonly shared: Connection | null },
): Connection {
  const endpoint = reader.text('endpoint');
  if (endpoint !== null && !/^https?:$/.test(URL.parse(endpoint)?.protocol ?? '')) {
    reader.complain('endpoint', 'has to be a URL with https or http');
  }
  const region = reader.text('region') ?? fallback.region;
  const profile = reader.text('profile');
  const credentials = readCredentials(reader);
  if (profile !== null || credentials !== null) return { region, endpoint, profile, credentials };
  const { shared } = fallback;
  return { region, endpoint, profile: shared?.profile ?? null, credentials: shared?.credentials ?? null };
}

function readCredentials(reader: Reader): Connection['credentials'] {
  const accessKeyId = reader.text('accessKeyId');
  const secretAccessKey = reader.text('secretAccessKey');
  const sessionToken = reader.text('sessionToken');
  if (accessKeyId === null && secretAccessKey === null && sessionToken === null) return null;
  if (accessKeyId === null) reader.complain('accessKeyId', 'is missing beside the other credentials');
  if (secretAccessKey === null) reader.complain('secretAccessKey', 'is missing beside accessKeyId');
  if (accessKeyId === null || secretAccessKey === null) return null;
  return { accessKeyId, secretAccessKey, ...(sessionToken !== null && { sessionToken }) };
}
