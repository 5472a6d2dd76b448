import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import { checkConfig, configFrom, secretValues } from '@callboard/kernel';
import type { JsonObject } from '@callboard/model';
import { imagesConfigSchema } from './config-schema.ts';
import { parseImagesConfig, type ParsedImagesConfig } from './config.ts';
import { STRICT_POLICY } from './gate/verdict.ts';
import { DEFAULT_BUDGET } from './prove/size.ts';
import { parsePolicy } from './receive/policy.ts';
import type { ImagesSettings } from './settings.ts';

function parse(images: JsonObject, readText?: (path: string) => string): ParsedImagesConfig {
  return parseImagesConfig(configFrom({ images }), {
    cwd: '/portal',
    ...(readText !== undefined && { readText }),
  });
}

/** Of what nothing is wrong with. */
function settingsOf(images: JsonObject, readText?: (path: string) => string): ImagesSettings {
  const { settings, diagnostics } = parse(images, readText);
  assert.deepEqual(diagnostics, []);
  assert.ok(settings);
  return settings;
}

/** Of what exactly these paths are wrong in. */
function faultyOf(images: JsonObject, paths: readonly string[]): ImagesSettings {
  const { settings, diagnostics } = parse(images);
  assert.deepEqual(
    diagnostics.map(({ path }) => path),
    paths,
  );
  for (const { code, severity } of diagnostics)
    assert.deepEqual([code, severity], ['images/config', 'error']);
  assert.ok(settings);
  return settings;
}

const DEBIAN = { name: 'debian-12', image: 'registry.example.com/golden/debian:12' };
const SHOP = { name: 'shop', image: 'registry.example.com/apps/shop:1' };
const LINUX = { os: 'linux', architecture: 'amd64', variant: null };

describe('parseImagesConfig', () => {
  it('gives no settings without the key, and the room is off', () => {
    const off = { settings: null, diagnostics: [] };
    assert.deepEqual(parseImagesConfig(configFrom({}), { cwd: '/' }), off);
    assert.deepEqual(parseImagesConfig(configFrom({ images: null }), { cwd: '/' }), off);
  });

  it('says when the key holds something else than an object', () => {
    const { settings, diagnostics } = parseImagesConfig(configFrom({ images: ['debian'] }), { cwd: '/' });
    assert.equal(settings, null);
    assert.deepEqual(
      diagnostics.map(({ code, path }) => [code, path]),
      [['images/config', 'images']],
    );
  });

  it('has a default for every key', () => {
    assert.deepEqual(settingsOf({}), {
      registries: [],
      golden: [],
      applications: [],
      policy: parsePolicy(null),
      gate: STRICT_POLICY,
      proof: { budget: DEFAULT_BUDGET, worstNew: 'high' },
      planner: { afterEndOfLife: 'defer', asks: 'residue', model: null },
      scanner: { kind: 'trivy', program: 'trivy', cacheDir: null },
      engine: null,
      limits: { unpackedBytes: 8 * 2 ** 30, layerBytes: 2 * 2 ** 30, entries: 1_000_000 },
      promote: 'automatic',
      reportsFolder: null,
      debounce: 30_000,
      maxWait: 300_000,
      scanEvery: null,
      concurrency: 1,
      signingKey: null,
      author: 'callboard',
    });
  });

  it('reads a golden image with everything that can be said of it', () => {
    const { golden } = settingsOf(
      {
        golden: [
          {
            ...DEBIAN,
            title: 'Debian 12',
            owner: 'Platform',
            system: 'base',
            platforms: ['linux/amd64', 'linux/arm64/v8'],
            mirrors: {
              'debian.list': 'deb http://mirror.example.com/debian bookworm main',
              'own.list': { file: './own.list' },
            },
            smokeTests: [['openssl', 'version']],
            allowedPaths: ['/etc/app/.*'],
          },
        ],
      },
      (path) => `# ${path}\n`,
    );
    const [debian] = golden;
    assert.deepEqual(
      { ...debian, allowedPaths: debian?.allowedPaths.map(String) },
      {
        name: 'debian-12',
        title: 'Debian 12',
        owner: 'group:default/platform',
        system: 'system:default/base',
        registry: 'registry.example.com',
        repository: 'golden/debian',
        tag: '12',
        platforms: [LINUX, { os: 'linux', architecture: 'arm64', variant: 'v8' }],
        mirrors: {
          'debian.list': 'deb http://mirror.example.com/debian bookworm main\n',
          'own.list': '# /portal/own.list\n',
        },
        smokeTests: [
          {
            purpose: 'openssl version',
            argv: ['openssl', 'version'],
            env: {},
            accepts: [0],
            timeout: 60_000,
            input: null,
          },
        ],
        allowedPaths: [String.raw`/^(?:\/etc\/app\/.*)$/`],
      },
    );
  });

  it('takes an image without a tag for its latest, and amd64 for its platform', () => {
    const { golden, applications } = settingsOf({
      golden: [{ name: 'debian', image: 'debian' }],
      applications: [{ ...SHOP, owner: 'user:guest' }],
    });
    assert.deepEqual(
      golden.map(({ registry, repository, tag, platforms }) => ({ registry, repository, tag, platforms })),
      [{ registry: 'docker.io', repository: 'library/debian', tag: 'latest', platforms: [LINUX] }],
    );
    assert.deepEqual(applications, [
      {
        name: 'shop',
        owner: 'user:default/guest',
        system: null,
        registry: 'registry.example.com',
        repository: 'apps/shop',
        tag: '1',
      },
    ]);
  });

  it('leaves out golden images that have anything wrong with them, and keeps the others', () => {
    const digest = `sha256:${'0'.repeat(64)}`;
    const wrong: readonly (readonly [JsonObject, string])[] = [
      [{ image: 'a/b:1' }, 'name'],
      [{ ...DEBIAN, name: 'a b' }, 'name'],
      [{ name: 'x' }, 'image'],
      [{ name: 'x', image: 'Not An Image' }, 'image'],
      [{ name: 'x', image: `example.com/a@${digest}` }, 'image'],
      [{ name: 'x', image: `example.com/a:${'t'.repeat(101)}` }, 'image'],
      [{ ...DEBIAN, platforms: ['amd64'] }, 'platforms'],
      [{ ...DEBIAN, platforms: 'linux/amd64' }, 'platforms'],
      [{ ...DEBIAN, owner: 'group:default/' }, 'owner'],
      [{ ...DEBIAN, mirrors: { '../up': 'deb' } }, 'mirrors.../up'],
      [{ ...DEBIAN, mirrors: { 'a.list': { path: 'x' } } }, 'mirrors.a.list'],
      [{ ...DEBIAN, mirrors: { 'a.list': { file: './is-not-there.list' } } }, 'mirrors.a.list.file'],
      [{ ...DEBIAN, smokeTests: ['openssl version'] }, 'smokeTests'],
      [{ ...DEBIAN, smokeTests: [[]] }, 'smokeTests'],
      [{ ...DEBIAN, allowedPaths: ['/etc/('] }, 'allowedPaths'],
    ];
    for (const [entry, key] of wrong) {
      const { settings, diagnostics } = parse({ golden: [entry, DEBIAN] });
      const paths = [...new Set(diagnostics.map(({ path }) => path))];
      assert.ok(paths.includes(`images.golden[0].${key}`), `${paths.join(' ')} for ${JSON.stringify(entry)}`);
      assert.equal(settings?.golden.length, 1, JSON.stringify(entry));
      assert.match(diagnostics[0]?.detail ?? '', /images\.golden\[0\] is left out until then\./);
    }
    assert.deepEqual(
      faultyOf({ golden: ['debian', DEBIAN] }, ['images.golden[0]']).golden.map(({ name }) => name),
      ['debian-12'],
    );
  });

  it('leaves out the second of a name, also of an application, and of a tag for the same platform', () => {
    const other = { ...DEBIAN, name: 'other' };
    const { golden, applications } = faultyOf(
      {
        golden: [
          DEBIAN,
          { name: 'DEBIAN-12', image: 'example.com/other:1' },
          other,
          { ...DEBIAN, name: 'debian-12-arm', platforms: ['linux/arm64'] },
        ],
        applications: [{ ...SHOP, name: 'debian-12' }, SHOP, SHOP],
      },
      [
        'images.golden[1].name',
        'images.golden[2].image',
        'images.applications[0].name',
        'images.applications[2].name',
      ],
    );
    assert.deepEqual(
      golden.map(({ name }) => name),
      ['debian-12', 'debian-12-arm'],
    );
    assert.deepEqual(
      applications.map(({ name }) => name),
      ['shop'],
    );
  });

  it('reads who enters which registry', () => {
    const { registries } = faultyOf(
      {
        registries: [
          { host: 'Registry.example.com', username: 'me', password: 'hunter22' },
          { host: 'localhost:5000', insecure: 'true' },
          { host: 'half.example.com', username: 'me' },
          { host: 'https://x' },
          { host: 'localhost:5000' },
          {},
        ],
      },
      [
        'images.registries[2].password',
        'images.registries[3].host',
        'images.registries[4].host',
        'images.registries[5].host',
      ],
    );
    assert.deepEqual(registries, [
      {
        host: 'registry.example.com',
        login: { username: 'me', password: 'hunter22' },
        insecure: false,
      },
      { host: 'localhost:5000', login: null, insecure: true },
      { host: 'half.example.com', login: null, insecure: false },
    ]);
  });

  it('reads policies, limits and times, and numbers that variables give as texts', () => {
    const settings = settingsOf({
      policy: { severities: ['critical'], minimumEpss: 0.5 },
      gate: { maxPackages: '20', approval: 'always', held: 'change', capabilities: [] },
      proof: { budget: { bytes: '64 MiB', ratio: 0.5 }, worstNew: 'medium' },
      planner: { afterEndOfLife: 'patch', asks: 'always' },
      scanner: { kind: 'grype', program: './bin/grype', cacheDir: 'cache' },
      engine: 'buildah',
      limits: { unpackedBytes: 5, layerBytes: '1.5GiB', entries: '7' },
      promote: 'manual',
      reports: { folder: 'reports' },
      debounce: '1s',
      maxWait: { minutes: 1 },
      scanEvery: 'PT6H',
      concurrency: 3,
      author: 'Harbourline',
    });
    const { registries, golden, applications, ...rest } = settings;
    assert.deepEqual([registries, golden, applications], [[], [], []]);
    assert.deepEqual(rest, {
      policy: parsePolicy({ severities: ['critical'], minimumEpss: 0.5 }),
      gate: { maxPackages: 20, approval: 'always', held: 'change', capabilities: [] },
      proof: { budget: { bytes: 64 * 2 ** 20, ratio: 0.5 }, worstNew: 'medium' },
      planner: { afterEndOfLife: 'patch', asks: 'always', model: null },
      scanner: { kind: 'grype', program: '/portal/bin/grype', cacheDir: '/portal/cache' },
      engine: 'buildah',
      limits: { unpackedBytes: 5, layerBytes: 1.5 * 2 ** 30, entries: 7 },
      promote: 'manual',
      reportsFolder: '/portal/reports',
      debounce: 1_000,
      maxWait: 60_000,
      scanEvery: 6 * 3_600_000,
      concurrency: 3,
      signingKey: null,
      author: 'Harbourline',
    });
    assert.equal(settingsOf({ scanEvery: false }).scanEvery, null);
  });

  it('says what is wrong, and has the default there and the rest as it is written', () => {
    const settings = faultyOf(
      {
        policy: { severities: ['critical'], minimumEpss: 2, other: 1 },
        gate: { maxPackages: 0.5, capabilities: ['everything'] },
        proof: { budget: 'small' },
        limits: { layerBytes: '1e9', entries: 5, unpackedBytes: '9999999 GiB' },
        engine: 'kaniko',
        debounce: 'soon',
        scanEvery: '1s',
        concurrency: 0,
        author: {},
      },
      [
        'images.debounce',
        'images.scanEvery',
        'images.policy.minimumEpss',
        'images.policy.other',
        'images.gate.maxPackages',
        'images.gate.capabilities',
        'images.proof.budget',
        'images.engine',
        'images.limits.unpackedBytes',
        'images.limits.layerBytes',
        'images.concurrency',
        'images.author',
      ],
    );
    assert.deepEqual(settings.policy, parsePolicy({ severities: ['critical'] }));
    assert.deepEqual(settings.gate, STRICT_POLICY);
    assert.equal(settings.limits.entries, 5);
    assert.equal(settings.scanEvery, 60_000);
    assert.equal(settings.debounce, 30_000);
  });

  it('waits at least as long as the quiet time', () => {
    assert.equal(faultyOf({ debounce: '2m', maxWait: '1m' }, ['images.maxWait']).maxWait, 120_000);
    assert.equal(settingsOf({ debounce: '1h' }).maxWait, 3_600_000);
  });

  it('takes the careful way where a word is not known', () => {
    const settings = faultyOf({ promote: 'sometimes', gate: { approval: 'allways' } }, [
      'images.gate.approval',
      'images.promote',
    ]);
    assert.equal(settings.promote, 'manual');
    assert.equal(settings.gate.approval, 'always');
  });

  it('reads the model of every provider', async () => {
    const modelOf = (model: JsonObject) => settingsOf({ planner: { model } }).planner.model;
    assert.deepEqual(modelOf({ provider: 'anthropic', model: 'm', apiKey: 'k' }), {
      provider: 'anthropic',
      model: 'm',
      apiKey: 'k',
      url: null,
    });
    assert.deepEqual(
      modelOf({ provider: 'openai-compatible', model: 'qwen3:32b', url: 'http://127.0.0.1:11434/v1' }),
      {
        provider: 'openai-compatible',
        name: 'openai-compatible',
        model: 'qwen3:32b',
        url: 'http://127.0.0.1:11434/v1',
        apiKey: null,
      },
    );
    assert.deepEqual(modelOf({ provider: 'recorded', folder: 'answers' }), {
      provider: 'recorded',
      folder: '/portal/answers',
    });
    const keys = { accessKeyId: 'AKIA', secretAccessKey: 'secret', sessionToken: 'token' };
    const bedrock = modelOf({ provider: 'bedrock', model: 'm', region: 'eu-central-1', ...keys });
    assert.ok(bedrock?.provider === 'bedrock' && 'provide' in bedrock.credentials);
    assert.deepEqual(await bedrock.credentials.provide(), keys);
    const byKey = modelOf({ provider: 'bedrock', model: 'm', region: 'r', apiKey: 'k' });
    assert.deepEqual(byKey?.provider === 'bedrock' && byKey.credentials, { apiKey: 'k' });
  });

  it('leaves a model out that is not whole, so that the rules plan alone', () => {
    const wrong: readonly (readonly [JsonObject, string])[] = [
      [{}, 'images.planner.model.provider'],
      [{ provider: 'oracle' }, 'images.planner.model.provider'],
      [{ provider: 'anthropic', model: 'm' }, 'images.planner.model.apiKey'],
      [{ provider: 'bedrock', model: 'm', region: 'r' }, 'images.planner.model'],
      [{ provider: 'openai-compatible', model: 'm', url: 'ftp://x' }, 'images.planner.model.url'],
      [{ provider: 'recorded' }, 'images.planner.model.folder'],
    ];
    for (const [model, path] of wrong) {
      assert.equal(faultyOf({ planner: { model } }, [path]).planner.model, null);
    }
  });

  it('takes a signing key of the kinds that are used, and quotes none', () => {
    const pem = (type: 'ed25519' | 'ed448') =>
      type === 'ed25519'
        ? generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
        : generateKeyPairSync('ed448').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const good = pem('ed25519');
    assert.equal(settingsOf({ signing: { privateKey: good } }).signingKey, good.trim());
    for (const bad of ['no-key-at-all', pem('ed448')]) {
      const { settings, diagnostics } = parse({ signing: { privateKey: bad } });
      assert.equal(settings?.signingKey, null);
      assert.equal(diagnostics[0]?.path, 'images.signing.privateKey');
      assert.ok(!JSON.stringify(diagnostics).includes(bad.trim().split('\n')[1] ?? bad));
    }
  });

  it('never throws, whatever is written, and says something about all that is no object', () => {
    const junk = [1, 'x', true, [], [[]], {}, [{}], [null]] as const;
    const keys = Object.keys(settingsOf({})).concat('reports', 'signing');
    for (const key of keys) for (const value of junk) parse({ [key]: value });
    for (const key of ['policy', 'gate', 'proof', 'planner', 'scanner', 'limits', 'reports', 'signing']) {
      faultyOf({ [key]: 1 }, [`images.${key}`]);
    }
  });
});

describe('imagesConfigSchema', () => {
  const model = {
    provider: 'bedrock',
    model: 'm',
    apiKey: 'key-of-bedrock',
    accessKeyId: 'id-of-account',
    secretAccessKey: 'secret-of-account',
    sessionToken: 'token-of-session',
  };
  const config = configFrom({
    images: {
      registries: [{ host: 'registry.example.com', username: 'me-myself', password: 'pass-word' }],
      golden: [
        {
          ...DEBIAN,
          mirrors: { 'a.list': 'deb http://me:mirror-word@example.com x', 'b.list': { file: 'b' } },
          smokeTests: [['true', 1]],
        },
      ],
      applications: [SHOP],
      planner: { model },
      signing: { privateKey: 'the-key-itself' },
      limits: { layerBytes: '1 GiB', entries: '7' },
      debounce: { seconds: 5 },
      scanEvery: false,
    },
  });

  it('agrees with what can be read', async () => {
    assert.deepEqual(await checkConfig(config, [imagesConfigSchema]), []);
  });

  it('marks everything that must not be shown', () => {
    assert.deepEqual(secretValues(config, [imagesConfigSchema]).toSorted(), [
      'id-of-account',
      'key-of-bedrock',
      'mirror-word',
      'pass-word',
      'secret-of-account',
      'the-key-itself',
      'token-of-session',
    ]);
  });

  it('names keys that mean nothing', async () => {
    const wrong = configFrom({ images: { goldens: [], golden: [{ ...DEBIAN, smokeTest: [] }] } });
    const found = await checkConfig(wrong, [imagesConfigSchema]);
    assert.deepEqual(
      found.map(({ code, path }) => [code, path]),
      [
        ['config/unknown-key', 'images.goldens'],
        ['config/unknown-key', 'images.golden[0].smokeTest'],
      ],
    );
  });
});
