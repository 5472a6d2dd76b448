import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { isObject } from '@callboard/model';
import { parseAccessConfig, type ParsedAccessConfig } from './config.ts';
import { accessConfigSchema } from './config-schema.ts';
import { ACCESS_DIAGNOSTICS } from './errors.ts';
import { readerOf } from './portal.fixture.ts';

const parse = (config: unknown, development = true): ParsedAccessConfig =>
  parseAccessConfig(readerOf(config), { development });

const external = (...externalAccess: readonly unknown[]): ParsedAccessConfig =>
  parse({ backend: { auth: { externalAccess } } });

describe('parseAccessConfig', () => {
  it('is closed, and lets nobody in, by default', () => {
    assert.deepEqual(parse({}), {
      options: {
        baseUrl: 'http://localhost:7007',
        tokenLifetimeSeconds: 3_600,
        ownershipInToken: false,
        guest: null,
        externalAccess: [],
        closedByDefault: true,
      },
      diagnostics: [],
    });
  });

  it('reads guest sign-in with its defaults', () => {
    const guest = (value: unknown): unknown => parse({ auth: { providers: { guest: value } } }).options.guest;
    const userEntityRef = 'user:development/guest';
    assert.deepEqual(guest({}), { userEntityRef, ownershipEntityRefs: [userEntityRef], allowed: true });
    assert.deepEqual(guest({ userEntityRef: 'Team/Anna', ownershipEntityRefs: ['group:default/a'] }), {
      userEntityRef: 'user:team/anna',
      ownershipEntityRefs: ['group:default/a'],
      allowed: true,
    });
    assert.equal(guest(null), null);
  });

  it('warns of a guest who is refused', () => {
    const { options, diagnostics } = parse({ auth: { providers: { guest: {} } } }, false);
    assert.equal(options.guest?.allowed, false);
    assert.deepEqual(
      diagnostics.map(({ severity, code }) => [severity, code]),
      [['warning', 'access/guest-outside-development']],
    );
  });

  it('keeps token lifetimes between 10 minutes and 24 hours', () => {
    const lifetime = (value: unknown): readonly [number, number] => {
      const { options, diagnostics } = parse({ auth: { backstageTokenExpiration: value } });
      return [options.tokenLifetimeSeconds, diagnostics.length];
    };
    assert.deepEqual(lifetime({ hours: 2 }), [7_200, 0]);
    assert.deepEqual(lifetime('PT10M'), [600, 0]);
    assert.deepEqual(lifetime('1m'), [600, 1]);
    assert.deepEqual(lifetime({ days: 2 }), [86_400, 1]);
    assert.deepEqual(lifetime('soon'), [3_600, 1]);
  });

  it('says aloud that requests without identity pass', () => {
    const { options, diagnostics } = parse({
      backend: { auth: { dangerouslyDisableDefaultAuthPolicy: 'true' } },
    });
    assert.equal(options.closedByDefault, false);
    assert.deepEqual(
      diagnostics.map(({ code }) => code),
      ['access/open-by-config'],
    );
  });

  it('stays closed when a switch is neither true nor false', () => {
    const { options, diagnostics } = parse({
      backend: { auth: { dangerouslyDisableDefaultAuthPolicy: [] } },
    });
    assert.equal(options.closedByDefault, true);
    assert.equal(diagnostics[0]?.path, 'backend.auth.dangerouslyDisableDefaultAuthPolicy');
  });

  it('says which keys of Backstage it does not follow', () => {
    const { diagnostics } = parse({
      auth: {
        identityTokenAlgorithm: 'RS256',
        keyStore: { provider: 'static' },
        providers: { github: { development: {} } },
      },
    });
    assert.deepEqual(
      diagnostics.map(({ code, path }) => [code, path]),
      [
        ['access/config-unsupported', 'auth.keyStore.provider'],
        ['access/config-unsupported', 'auth.identityTokenAlgorithm'],
        ['access/config-unsupported', 'auth.providers.github'],
      ],
    );
  });

  it('leaves out external access that is wrong, and says where, without the secret', () => {
    const options = { token: 'fixed-token-1', subject: 'ci' };
    const good = { type: 'static', options };
    const wrong: readonly (readonly [unknown, string])[] = [
      ['text', ''],
      [{ type: 'static' }, '.options'],
      [{ type: 'other', options: {} }, '.type'],
      [{ type: 'static', options: { token: 'short', subject: 'ci' } }, '.options.token'],
      [{ type: 'static', options: { token: 'has white space', subject: 'ci' } }, '.options.token'],
      [{ type: 'static', options: { token: 'fixed-token-1' } }, '.options.subject'],
      [{ type: 'legacy', options: { secret: 'no base64!', subject: 'x' } }, '.options.secret'],
      [{ type: 'legacy', options: { secret: 'a', subject: 'x' } }, '.options.secret'],
      [{ type: 'jwks', options: { url: 'file:///etc/passwd' } }, '.options.url'],
      [{ type: 'jwks', options: { url: 'https://x.test', issuer: 7 } }, '.options.issuer'],
      [{ type: 'jwks', options: { url: 'https://x.test', audience: ' , ' } }, '.options.audience'],
      [
        { ...good, accessRestrictions: [{ plugin: 'a', permission: [] }] },
        '.accessRestrictions[0].permission',
      ],
      [{ ...good, accessRestrictions: {} }, '.accessRestrictions'],
      [{ ...good, accessRestrictions: [{ plugins: 'catalog' }] }, '.accessRestrictions[0].plugins'],
      [{ ...good, accessRestrictions: [{ permission: 'a' }] }, '.accessRestrictions[0].plugin'],
      [{ ...good, accessRestrictions: [{ plugin: 'a' }, { plugin: 'a' }] }, '.accessRestrictions'],
      [
        { ...good, accessRestrictions: [{ plugin: 'a', permissionAttribute: { action: 'destroy' } }] },
        '.accessRestrictions[0].permissionAttribute.action',
      ],
    ];
    for (const [entry, at] of wrong) {
      const parsed = external(entry, good);
      assert.deepEqual(parsed.options.externalAccess, [{ type: 'static', ...options }]);
      assert.deepEqual(
        parsed.diagnostics.map(({ severity, path }) => [severity, path]),
        [['error', `backend.auth.externalAccess[0]${at}`]],
      );
      assert.doesNotMatch(JSON.stringify(parsed.diagnostics), /short|white space'|no base64!/);
    }
  });

  it('reads words from texts and lists, without repetitions', () => {
    const options = {
      url: 'https://x.test/keys',
      algorithm: 'ES256,RS256 ES256',
      audience: ['a', 'b c'],
    };
    assert.deepEqual(external({ type: 'jwks', options, accessRestrictions: [] }).options.externalAccess, [
      {
        type: 'jwks',
        url: new URL('https://x.test/keys'),
        algorithms: ['ES256', 'RS256'],
        audiences: ['a', 'b', 'c'],
      },
    ]);
  });

  it('answers any configuration with options, and gives access only through whole entries', () => {
    const entry = fc.record(
      {
        type: fc.constantFrom('static', 'legacy', 'jwks', 7),
        options: fc.jsonValue(),
        accessRestrictions: fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.jsonValue(), fc.oneof(fc.array(entry), fc.jsonValue()), (auth, externalAccess) => {
        const { options, diagnostics } = parse({
          auth,
          backend: { baseUrl: auth, auth: { externalAccess } },
        });
        const known: readonly string[] = ACCESS_DIAGNOSTICS;
        assert.ok(diagnostics.every(({ code }) => known.includes(code)));
        assert.ok(URL.canParse(options.baseUrl));
        for (const access of options.externalAccess) {
          if (access.type === 'static') assert.ok(access.token.length >= 8 && access.subject !== '');
        }
      }),
    );
  });
});

describe('accessConfigSchema', () => {
  it('is plain data in which every secret is marked', () => {
    assert.deepEqual(JSON.parse(JSON.stringify(accessConfigSchema)), accessConfigSchema);
    const secrets: unknown[] = [];
    const walk = (value: unknown): void => {
      for (const [key, child] of isObject(value) || Array.isArray(value) ? Object.entries(value) : []) {
        const declares = isObject(child) && child['type'] === 'string';
        if (declares && (key === 'token' || key === 'secret')) secrets.push(child['visibility']);
        walk(child);
      }
    };
    walk(accessConfigSchema.schema);
    assert.deepEqual(secrets, ['secret', 'secret', 'secret']);
  });
});
