/**
 * An AWS for tests on loopback: Organizations and Identity Center speak AWS JSON 1.1, the Account Management API REST-JSON.
 * It has pages, knows one login and one region for each service, and can be made to fail.
 * Protocols: https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { isObject, parseJson } from '@callboard/model';

export interface FakeAccount {
  readonly Id: string;
  readonly Name: string;
  readonly State?: string;
  readonly Status?: string;
  readonly Paths?: readonly string[];
  /** Id of its unit or of the root; not on the wire. */
  readonly parent?: string;
  /** Not on the wire. */
  readonly tags?: Readonly<Record<string, string>>;
}

export interface FakeWorld {
  readonly accounts: FakeAccount[];
  readonly units: { readonly Id: string; readonly Name: string; readonly parent: string }[];
  /** Permission sets by account. */
  readonly roles: Record<string, readonly { readonly Name: string; readonly Description?: string }[]>;
  readonly regions: Record<string, readonly string[]>;
  managedBy: string;
}

/** One that fits makes AWS answer that. */
export interface FakeFailure {
  /** `organizations:ListAccounts`. */
  readonly action: RegExp;
  /** Default: 1. */
  readonly times?: number;
  /** `hang`: it never answers. */
  readonly answer:
    | 'hang'
    | {
        readonly status: number;
        readonly type?: string;
        readonly message?: string;
        readonly text?: string;
        /** As it is, instead of an error. */
        readonly body?: unknown;
      };
}

export interface FakeAws extends AsyncDisposable {
  readonly url: string;
  readonly world: FakeWorld;
  /** `organizations:ListAccounts`, in order. */
  readonly calls: string[];
  /** What each call carried. */
  readonly inputs: Readonly<Record<string, unknown>>[];
  readonly fail: (failure: FakeFailure) => void;
  /** Forgets calls, and failures that are left. */
  readonly reset: () => void;
  /** How many calls of an action came. */
  readonly count: (action: string) => number;
}

export const LOGIN = {
  accessKeyId: 'AKIAHARBOURLINE00001',
  secretAccessKey: 'quay-side-secret-of-the-third-bollard',
  sessionToken: 'session-of-the-night-watch',
} as const;
export const INSTANCE = 'arn:aws:sso:::instance/ssoins-1111222233334444';

/** Small, so that a few accounts need several pages. */
const PAGE = 2;
const SERVICES = {
  AWSOrganizationsV20161128: 'organizations',
  SWBExternalService: 'sso',
} as const;

class Refusal extends Error {
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

export async function startFakeAws(world: Partial<FakeWorld> = {}): Promise<FakeAws> {
  const full: FakeWorld = { accounts: [], units: [], roles: {}, regions: {}, managedBy: '', ...world };
  const calls: string[] = [];
  const inputs: Readonly<Record<string, unknown>>[] = [];
  const failures: { failure: FakeFailure; left: number }[] = [];

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const action = actionOf(request);
    const input = await readBody(request);
    calls.push(action);
    inputs.push(input);
    const fits = failures.find(({ failure, left }) => left > 0 && failure.action.test(action));
    if (fits !== undefined) {
      fits.left -= 1;
      const { answer } = fits.failure;
      if (answer === 'hang') return;
      const error = { __type: answer.type, message: answer.message ?? 'it was made to fail' };
      send(response, answer.status, answer.text ?? answer.body ?? error);
      return;
    }
    try {
      checkLogin(request, action);
      send(response, 200, answerOf(full, action, input));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      send(response, 400, { __type: error.type, message: error.message });
    }
  };
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => send(response, 500, String(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('it has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    world: full,
    calls,
    inputs,
    fail: (failure) => failures.push({ failure, left: failure.times ?? 1 }),
    reset: () => {
      for (const list of [calls, inputs, failures]) list.length = 0;
    },
    count: (action) => calls.filter((one) => one === action).length,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function actionOf({ headers, url = '' }: IncomingMessage): string {
  const target = String(headers['x-amz-target'] ?? '').split('.');
  const service = Object.entries(SERVICES).find(([name]) => name === target[0])?.[1];
  if (service !== undefined) return `${service}:${target[1]}`;
  return `account:${url.slice(1, 2).toUpperCase()}${url.slice(2)}`;
}

async function readBody(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body: unknown = parseJson(Buffer.concat(chunks).toString('utf8'));
  return isObject(body) ? body : {};
}

function send(response: ServerResponse, status: number, body: unknown): void {
  const type = isObject(body) && typeof body['__type'] === 'string' ? body['__type'] : null;
  const headers = { 'content-type': 'application/x-amz-json-1.1', ...(type && { 'x-amzn-errortype': type }) };
  response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
}

/** The signature is taken as it comes; who signed, for which service and where, is not. */
function checkLogin({ headers }: IncomingMessage, action: string): void {
  const service = action.split(':')[0];
  const region = service === 'sso' ? 'eu-central-1' : 'us-east-1';
  const scope = new RegExp(`Credential=${LOGIN.accessKeyId}/\\d{8}/${region}/${service}/aws4_request`);
  if (!scope.test(headers.authorization ?? '')) {
    throw new Refusal(
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
    );
  }
  if (headers['x-amz-security-token'] !== LOGIN.sessionToken) {
    throw new Refusal(
      'ExpiredTokenException',
      `The token ${String(headers['x-amz-security-token'])} has expired.`,
    );
  }
}

function answerOf(world: FakeWorld, action: string, input: Readonly<Record<string, unknown>>): unknown {
  const { accounts, units, roles, regions } = world;
  const page = (list: readonly unknown[], key: string): object =>
    pageOf(list, { key, token: input['NextToken'] });
  const account = (): FakeAccount => {
    const id = input['ResourceId'] ?? input['ChildId'] ?? input['AccountId'];
    const found = accounts.find(({ Id }) => Id === id);
    if (found === undefined) throw new Refusal('TargetNotFoundException', `there is no ${String(id)}`);
    return found;
  };
  switch (action) {
    case 'organizations:ListAccounts':
      return page(
        accounts.map(({ parent: _parent, tags: _tags, ...wire }) => wire),
        'Accounts',
      );
    case 'organizations:DescribeOrganization':
      return { Organization: { Id: 'o-harbourline', MasterAccountId: world.managedBy } };
    case 'organizations:ListRoots':
      return page([{ Id: 'r-hbl0', Name: 'Root' }], 'Roots');
    case 'organizations:ListOrganizationalUnitsForParent':
      return page(
        units.filter(({ parent }) => parent === input['ParentId']).map(({ Id, Name }) => ({ Id, Name })),
        'OrganizationalUnits',
      );
    case 'organizations:ListParents':
      return page([{ Id: account().parent ?? 'r-hbl0' }], 'Parents');
    case 'organizations:ListTagsForResource':
      return page(
        Object.entries(account().tags ?? {}).map(([Key, Value]) => ({ Key, Value })),
        'Tags',
      );
    case 'sso:ListPermissionSetsProvisionedToAccount': {
      const names = (roles[account().Id] ?? []).map(({ Name }) => `arn:aws:sso:::permissionSet/${Name}`);
      return page(names, 'PermissionSets');
    }
    case 'sso:DescribePermissionSet': {
      const name = String(input['PermissionSetArn']).split('/').at(-1);
      return {
        PermissionSet: Object.values(roles)
          .flat()
          .find(({ Name }) => Name === name),
      };
    }
    case 'account:ListRegions': {
      const id = typeof input['AccountId'] === 'string' ? input['AccountId'] : world.managedBy;
      if (input['AccountId'] === world.managedBy) throw new Refusal('ValidationException', 'not its own id');
      const list = (regions[id] ?? []).map((RegionName) => ({ RegionName, RegionOptStatus: 'ENABLED' }));
      return page(list, 'Regions');
    }
    default:
      throw new Refusal('UnknownOperationException', `nobody knows ${action}`);
  }
}

function pageOf(
  list: readonly unknown[],
  { key, token }: { readonly key: string; readonly token: unknown },
): object {
  const from = typeof token === 'string' ? Number(token) : 0;
  const rest = list.length > from + PAGE;
  return { [key]: list.slice(from, from + PAGE), ...(rest && { NextToken: String(from + PAGE) }) };
}
