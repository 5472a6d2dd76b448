import assert from 'node:assert/strict';
import { after, beforeEach, describe, it } from 'node:test';
import { isObject, type JsonValue } from '@callboard/model';
import { LOGIN, startFakeAws } from './aws.fixture.ts';
import { ANNA, benchOf, configFor, EVA } from './bench.fixture.ts';

const BOOKING = '111111111111';
const ROUTING = '222222222222';
const GATE = '333333333333';
const OLD = '444444444444';
const ROOT = '555555555555';

const aws = await startFakeAws({
  managedBy: ROOT,
  accounts: [
    {
      Id: ROUTING,
      Name: 'routing',
      State: 'ACTIVE',
      parent: 'ou-hbl0-prod0001',
      tags: { Environment: 'production' },
    },
    {
      Id: BOOKING,
      Name: 'booking-dev',
      State: 'ACTIVE',
      Paths: [`o-harbourline/r-hbl0/ou-hbl0-work0001/${BOOKING}/`],
    },
    { Id: OLD, Name: 'old-account', State: 'SUSPENDED' },
    { Id: ROOT, Name: 'harbourline', Status: 'ACTIVE' },
    { Id: GATE, Name: 'gate', State: 'ACTIVE', parent: 'ou-hbl0-prod0001' },
  ],
  units: [
    { Id: 'ou-hbl0-work0001', Name: 'Workloads', parent: 'r-hbl0' },
    { Id: 'ou-hbl0-prod0001', Name: 'Production', parent: 'ou-hbl0-work0001' },
    { Id: 'ou-hbl0-core0001', Name: 'Core', parent: 'r-hbl0' },
    { Id: 'ou-hbl0-more0001', Name: 'More', parent: 'r-hbl0' },
  ],
  roles: {
    [BOOKING]: [{ Name: 'ReadOnly' }, { Name: 'Deployer', Description: 'Ships' }, { Name: 'Admin' }],
    [ROUTING]: [{ Name: 'Deployer', Description: 'Ships' }],
  },
  regions: { [BOOKING]: ['eu-west-1', 'eu-central-1', 'us-east-1'], [ROOT]: ['us-east-1'] },
});
after(() => aws[Symbol.asyncDispose]());
beforeEach(() => aws.reset());

const textsOf = (items: readonly JsonValue[], key: string): readonly unknown[] =>
  items.map((item) => (isObject(item) ? item[key] : item));

describe('aws:accounts', () => {
  it('lists all pages, by name, with unit and environment, without those that are suspended', async () => {
    assert.deepEqual(await benchOf(configFor(aws)).list('accounts'), [
      // The environment is the end of the name; the unit is in its path.
      { id: BOOKING, name: 'booking-dev', environment: 'dev', group: 'Workloads' },
      { id: GATE, name: 'gate', group: 'Workloads / Production' },
      { id: ROOT, name: 'harbourline' },
      { id: ROUTING, name: 'routing', environment: 'production', group: 'Workloads / Production' },
    ]);
    assert.equal(aws.count('organizations:ListAccounts'), 3);
    assert.equal(aws.count('organizations:ListParents'), 3);
  });

  it('asks once for all who ask, and again after five minutes', async () => {
    const { list, pass } = benchOf(configFor(aws));
    const lists = await Promise.all(Array.from({ length: 20 }, () => list('accounts')));
    assert.ok(lists.every((one) => one.length === 4));
    pass(4 * 60_000);
    await list('accounts');
    assert.equal(aws.count('organizations:ListAccounts'), 3);
    pass(2 * 60_000);
    await list('accounts');
    assert.equal(aws.count('organizations:ListAccounts'), 6);
    // Tags and units change more rarely.
    assert.equal(aws.count('organizations:ListTagsForResource'), 4);
  });

  it('leaves out units and tags that nobody wants', async () => {
    const organizations = { endpoint: aws.url, ...LOGIN, environmentTag: false };
    const { list } = benchOf(configFor(aws, { organizations, groupBy: 'environment' }));
    assert.deepEqual(textsOf(await list('accounts'), 'group'), ['dev', undefined, undefined, undefined]);
    assert.deepEqual(new Set(aws.calls), new Set(['organizations:ListAccounts']));
  });

  it('can be grouped in another way, and narrowed to environments', async () => {
    const { list } = benchOf(configFor(aws));
    const narrowed = await list('accounts', {
      input: { environment: ['Production'], groupBy: 'environment' },
    });
    assert.deepEqual(narrowed, [
      { id: ROUTING, name: 'routing', environment: 'production', group: 'production' },
    ]);
    assert.equal((await list('accounts', { input: { environment: '' } })).length, 4);
    await assert.rejects(list('accounts', { input: { groupBy: 'colour' } }), { code: 'aws/bad-input' });
    await assert.rejects(list('accounts', { input: { environment: { a: 1 } } }), { code: 'aws/bad-input' });
  });

  it('goes without units and tags that the credentials may not see, and says so', async () => {
    const { list, said } = benchOf(configFor(aws));
    const answer = { status: 400, type: 'AccessDeniedException', message: 'not you' };
    aws.fail({ action: /ListRoots|ListTagsForResource/, times: 99, answer });
    const accounts = await list('accounts');
    assert.deepEqual(textsOf(accounts, 'environment'), ['dev', undefined, undefined, undefined]);
    assert.deepEqual(textsOf(accounts, 'group'), [undefined, undefined, undefined, undefined]);
    assert.match(said.join('\n'), /do without organizational units/);
    assert.match(said.join('\n'), /do without tags/);
  });

  it('has what the configuration says of an account, and accounts that only it has', async () => {
    const accounts: JsonValue = [
      { id: ROUTING, environment: 'live', group: 'Important' },
      { id: OLD, name: 'old-account' },
      { id: '012345678901', name: 'elsewhere-qa' },
      { id: '999999999999' },
    ];
    const all = await benchOf(configFor(aws, { accounts })).list('accounts');
    assert.deepEqual(textsOf(all, 'name'), ['booking-dev', 'elsewhere-qa', 'gate', 'harbourline', 'routing']);
    assert.deepEqual(all[1], { id: '012345678901', name: 'elsewhere-qa', environment: 'qa' });
    assert.deepEqual(all[4], { id: ROUTING, name: 'routing', environment: 'live', group: 'Important' });
  });

  it('has only what the person may use', async () => {
    const accounts: JsonValue = [{ id: GATE, allow: ['user:anna'] }];
    const access: JsonValue = [
      { accounts: ['BOOK*-d*v', ROUTING], allow: ['group:default/booking'] },
      { accounts: ['harbour'], allow: ['group:default/nobody'] },
    ];
    const { list } = benchOf(configFor(aws, { accounts, access }));
    assert.deepEqual(textsOf(await list('accounts', { user: ANNA }), 'name'), ['gate', 'harbourline']);
    assert.deepEqual(textsOf(await list('accounts', { user: EVA }), 'name'), [
      'booking-dev',
      'harbourline',
      'routing',
    ]);
    const service = { ref: null, groups: [] };
    assert.deepEqual(textsOf(await list('accounts', { user: service }), 'name'), ['harbourline']);
    for (const what of ['roles', 'regions', 'environments']) {
      const asked = { input: { account: BOOKING }, user: ANNA };
      await assert.rejects(list(what, asked), { code: 'aws/no-such-account', status: 404 });
    }
    // Not even whether it is there.
    const messageFor = (account: string): Promise<unknown> =>
      list('roles', { input: { account } }).catch((error: unknown) => String(error).replace(account, '…'));
    assert.equal(await messageFor(BOOKING), await messageFor('121212121212'));
  });

  it('needs a configuration', async () => {
    await assert.rejects(benchOf({}).list('accounts'), { code: 'aws/not-configured' });
  });
});

describe('aws:roles', () => {
  it('lists the permission sets of an account, by its id or name', async () => {
    const { list } = benchOf(configFor(aws));
    const roles = [{ name: 'Admin' }, { name: 'Deployer', description: 'Ships' }, { name: 'ReadOnly' }];
    assert.deepEqual(await list('roles', { input: { account: BOOKING } }), roles);
    assert.deepEqual(await list('roles', { input: { account: 'booking-dev' } }), roles);
    assert.deepEqual(await list('roles', { input: { account: GATE } }), []);
    assert.equal(aws.count('sso:ListPermissionSetsProvisionedToAccount'), 3);
    await list('roles', { input: { account: ROUTING } });
    assert.equal(aws.count('sso:DescribePermissionSet'), 3);
  });

  it('has nothing before there is an account, and refuses what cannot be one', async () => {
    const { list } = benchOf(configFor(aws));
    assert.deepEqual(await list('roles'), []);
    assert.deepEqual(await list('roles', { input: { account: null } }), []);
    await assert.rejects(list('roles', { input: { account: ['a'] } }), { code: 'aws/bad-input' });
    await assert.rejects(list('roles', { input: { account: 7 } }), { code: 'aws/bad-input' });
    assert.deepEqual(aws.calls, []);
  });

  it('keeps the order of the configuration', async () => {
    const accounts: JsonValue = [
      { id: BOOKING, name: 'booking', roles: ['Zoe', 'Adam'] },
      { id: GATE, name: 'gate' },
    ];
    const { list } = benchOf({ accounts, roles: ['Viewer'] });
    assert.deepEqual(textsOf(await list('roles', { input: { account: BOOKING } }), 'name'), ['Zoe', 'Adam']);
    assert.deepEqual(textsOf(await list('roles', { input: { account: GATE } }), 'name'), ['Viewer']);
    const without = benchOf({ accounts });
    const failure = { code: 'aws/not-configured', message: /gate/ };
    await assert.rejects(without.list('roles', { input: { account: GATE } }), failure);
    await assert.rejects(without.list('regions', { input: { account: GATE } }), failure);
  });
});

describe('aws:regions', () => {
  it('lists the enabled regions of an account, also of the one that manages the organization', async () => {
    const { list } = benchOf(configFor(aws));
    const regions = await list('regions', { input: { account: BOOKING } });
    assert.deepEqual(textsOf(regions, 'name'), ['eu-central-1', 'eu-west-1', 'us-east-1']);
    assert.deepEqual(await list('regions', { input: { account: ROOT } }), [{ name: 'us-east-1' }]);
    const asked = aws.inputs.filter((_, index) => aws.calls[index] === 'account:ListRegions');
    assert.deepEqual(asked[0]?.['RegionOptStatusContains'], ['ENABLED', 'ENABLED_BY_DEFAULT']);
    assert.equal(aws.count('organizations:DescribeOrganization'), 1);
  });

  it('asks nobody when the configuration has them', async () => {
    const accounts: JsonValue = [{ id: BOOKING, name: 'booking', regions: ['eu-west-1', 'af-south-1'] }];
    const { list } = benchOf({ accounts, regions: ['eu-central-1'] });
    const regions = await list('regions', { input: { account: 'booking' } });
    assert.deepEqual(textsOf(regions, 'name'), ['eu-west-1', 'af-south-1']);
  });
});

describe('aws:environments', () => {
  it('has that of the account, and those of the others for an account without one', async () => {
    const { list } = benchOf(configFor(aws));
    assert.deepEqual(await list('environments', { input: { account: ROUTING } }), [{ name: 'production' }]);
    const group = 'Of other accounts';
    assert.deepEqual(await list('environments', { input: { account: GATE } }), [
      { name: 'dev', group },
      { name: 'production', group },
    ]);
    assert.deepEqual(await list('environments'), [{ name: 'dev' }, { name: 'production' }]);
  });
});
