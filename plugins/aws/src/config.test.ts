import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonValue } from '@callboard/model';
import { environmentOfName } from './account.ts';
import { LOGIN } from './aws.fixture.ts';
import { parseAwsConfig } from './config.ts';

describe('parseAwsConfig', () => {
  it('takes nothing for nothing', () => {
    const config = parseAwsConfig(undefined);
    assert.deepEqual(config.accounts, []);
    assert.equal(config.organizations, null);
    assert.equal(config.groupBy, 'ou');
  });

  it('reads ids that YAML took for numbers, and references in short', () => {
    const accounts: JsonValue = [
      { id: 12345678901, name: 'elsewhere', allow: ['group:Platform', 'user:yard/eva'] },
    ];
    const [account] = parseAwsConfig({ accounts }).accounts;
    assert.equal(account?.id, '012345678901');
    assert.deepEqual(account?.allow, ['group:default/platform', 'user:yard/eva']);
  });

  it('gives every service the login of Organizations, unless it has one of its own', () => {
    const identityCenter = { instanceArn: 'arn:aws:sso:::instance/x', region: 'eu-central-1' };
    const all = parseAwsConfig({
      organizations: { ...LOGIN },
      identityCenter,
      accountApi: { profile: 'regions' },
    });
    assert.deepEqual(all.identityCenter?.credentials, LOGIN);
    assert.equal(all.identityCenter?.region, 'eu-central-1');
    assert.equal(all.accountApi?.credentials, null);
    assert.equal(all.accountApi?.profile, 'regions');
    assert.deepEqual(parseAwsConfig({ organizations: { ...LOGIN } }).accountApi?.credentials, LOGIN);
    assert.equal(parseAwsConfig({ organizations: {} }).organizations?.environmentTag, 'environment');
    assert.equal(
      parseAwsConfig({ organizations: { environmentTag: false } }).organizations?.environmentTag,
      null,
    );
  });

  const WRONG: readonly (readonly [JsonValue, RegExp])[] = [
    ['accounts', /"aws" has to be an object/],
    [{ account: [] }, /"aws.account" is not known here; there are accounts, /],
    [{ accounts: {} }, /"aws.accounts" has to be a list/],
    [{ accounts: ['a'] }, /"aws.accounts\[0\]" has to be an object/],
    [{ accounts: [{ id: '123', name: 'a' }] }, /"aws.accounts\[0\].id" has to be the twelve digits/],
    [{ accounts: [{ id: 1.5, name: 'a' }] }, /"aws.accounts\[0\].id"/],
    [{ accounts: [{ id: '123456789012' }] }, /"aws.accounts\[0\].name" is missing/],
    [{ accounts: [{ id: '123456789012', name: 7 }] }, /"aws.accounts\[0\].name" has to be a text/],
    [
      { accounts: [{ id: '123456789012', name: 'a', roles: 'b' }] },
      /"aws.accounts\[0\].roles" has to be a list/,
    ],
    [
      { accounts: [{ id: '123456789012', name: 'a', allow: ['platform'] }] },
      /has "platform", which is no reference/,
    ],
    [
      { accounts: [1, 2].map(() => ({ id: '123456789012', name: 'a' })) },
      /"aws.accounts" has the account 123456789012 twice/,
    ],
    [{ access: [{ accounts: ['*'] }] }, /"aws.access\[0\].allow" has to say who/],
    [{ access: [{ allow: ['group:a'] }] }, /"aws.access\[0\].accounts" has to say for which/],
    [{ groupBy: 'colour' }, /"aws.groupBy" has to be one of ou, environment, none/],
    [{ organizations: { endpoint: 'file:///etc' } }, /"aws.organizations.endpoint" has to be a URL/],
    [{ organizations: { accessKeyId: 'AKIA' } }, /"aws.organizations.secretAccessKey" is missing/],
    [
      { organizations: { roleArn: 'arn:aws:iam::1:role/x' } },
      /"aws.organizations.roleArn" is not known here.*profile/,
    ],
    [
      { identityCenter: {} },
      /"aws.identityCenter.instanceArn" is missing; "aws.identityCenter.region" is missing/,
    ],
  ];
  for (const [value, message] of WRONG) {
    it(`refuses ${JSON.stringify(value)}`, () => {
      assert.throws(() => parseAwsConfig(value), { code: 'aws/bad-config', message });
    });
  }

  it('names no secret when one is wrong', () => {
    const organizations = {
      secretAccessKey: LOGIN.secretAccessKey,
      sessionToken: 7,
      region: LOGIN.sessionToken,
    };
    assert.throws(
      () => parseAwsConfig({ organizations }),
      (error) => !Object.values(LOGIN).some((secret) => String(error).includes(secret)),
    );
  });
});

describe('environmentOfName', () => {
  it('takes the last word when it is a usual name of an environment', () => {
    for (const [name, environment] of [
      ['booking-production', 'production'],
      ['Booking PROD', 'prod'],
      ['booking_dev', 'dev'],
      ['prod', 'prod'],
      ['prod-booking', null],
      ['booking-account', null],
      ['reprod', null],
      ['', null],
    ] as const) {
      assert.equal(environmentOfName(name), environment, name);
    }
  });
});
