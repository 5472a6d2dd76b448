import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { RegistrySettings } from '../settings.ts';
import { createCredentials, dockerConfigFile, type DockerConfigOptions } from './docker-config.ts';
import type { FindCredentials } from './registry-auth.ts';

const HOST = 'registry.example.com';
const basic = (text: string): string => Buffer.from(text).toString('base64');
const password = (username: string, secret: string) => ({ kind: 'password', username, password: secret });

interface Docker extends AsyncDisposable {
  readonly find: FindCredentials;
  readonly folder: string;
  readonly options: DockerConfigOptions;
  time: number;
}

/** `helpers`: by the end of their name, the JavaScript that answers `input`. */
async function dockerOf(config: unknown, helpers: Readonly<Record<string, string>> = {}): Promise<Docker> {
  const folder = await mkdtemp(join(tmpdir(), 'callboard-docker-config-'));
  const file = join(folder, 'config.json');
  if (config !== undefined)
    await writeFile(file, typeof config === 'string' ? config : JSON.stringify(config));
  for (const [name, body] of Object.entries(helpers)) {
    const script = join(folder, `docker-credential-${name}`);
    const head = `#!${process.execPath}\nconst input = require('node:fs').readFileSync(0, 'utf8');\n`;
    await writeFile(script, `${head}${body}\n`);
    await chmod(script, 0o755);
  }
  const options: DockerConfigOptions = { file, env: { PATH: folder }, now: () => docker.time };
  const docker: Docker = {
    folder,
    options,
    time: 0,
    find: createCredentials({ registries: [], dockerConfig: options }),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
  return docker;
}

/** A helper that answers with what it was asked, and how often. */
const COUNTING = `
const fs = require('node:fs');
const file = require('node:path').join(__dirname, 'count');
const count = fs.existsSync(file) ? Number(fs.readFileSync(file, 'utf8')) + 1 : 1;
fs.writeFileSync(file, String(count));
console.log(JSON.stringify({ ServerURL: input, Username: process.argv[2] + ' ' + input, Secret: String(count) }));`;

describe('createCredentials', () => {
  it('knows nobody where there is no file, and with an empty one', async () => {
    await using without = await dockerOf(undefined);
    assert.equal(await without.find(HOST), null);
    await using empty = await dockerOf('');
    assert.equal(await empty.find(HOST), null);
    assert.equal(await createCredentials({ registries: [], dockerConfig: null })(HOST), null);
  });

  it('reads logins, with everything in the password that may be in it', async () => {
    await using docker = await dockerOf({
      auths: {
        [HOST]: { auth: basic('me:pass:with:colons\0') },
        'https://old.example.com/v2/': { auth: basic('old:word') },
        'plain.example.com:5000': { username: 'plain', password: 'words' },
        'bearer.example.com': { registrytoken: 'as-it-is' },
        'azure.example.com': { auth: basic(`someone:`), identitytoken: 'refresh' },
        'bare.example.com': { identitytoken: 'refresh' },
        'empty.example.com': {},
        'broken.example.com': { auth: '%%%' },
      },
    });
    const { find } = docker;
    assert.deepEqual(await find(HOST), password('me', 'pass:with:colons'));
    assert.deepEqual(await find('old.example.com'), password('old', 'word'));
    assert.deepEqual(await find('plain.example.com:5000'), password('plain', 'words'));
    assert.deepEqual(await find('bearer.example.com'), { kind: 'token', token: 'as-it-is' });
    assert.deepEqual(await find('azure.example.com'), password('someone', 'refresh'));
    const nobody = '00000000-0000-0000-0000-000000000000';
    assert.deepEqual(await find('bare.example.com'), password(nobody, 'refresh'));
    for (const host of ['plain.example.com', 'empty.example.com', 'broken.example.com', 'x.example.com']) {
      assert.equal(await find(host), null, host);
    }
  });

  it('does not give a whole registry what was meant for a part of it', async () => {
    await using docker = await dockerOf({ auths: { [`${HOST}/team`]: { auth: basic('me:word') } } });
    assert.equal(await docker.find(HOST), null);
  });

  it('knows Docker Hub by all of its names', async () => {
    for (const key of ['https://index.docker.io/v1/', 'docker.io', 'registry-1.docker.io']) {
      await using docker = await dockerOf({ auths: { [key]: { auth: basic('hub:word') } } });
      assert.deepEqual(await docker.find('docker.io'), password('hub', 'word'), key);
    }
    await using asked = await dockerOf({ credsStore: 'count' }, { count: COUNTING });
    assert.deepEqual(await asked.find('docker.io'), password('get https://index.docker.io/v1/', '1'));
  });

  it('asks the helper of the registry, or that of all, and the file last', async () => {
    const answer = (name: string): string =>
      `if (input !== '${HOST}') { console.log('credentials not found in native keychain'); process.exit(1); }
       console.log(JSON.stringify({ Username: '${name}', Secret: 'word' }));`;
    const auths = {
      [HOST]: { auth: basic('file:word') },
      'other.example.com': { auth: basic('file:word') },
    };
    const helpers = { own: answer('own'), all: answer('all') };
    await using both = await dockerOf({ auths, credHelpers: { [HOST]: 'own' }, credsStore: 'all' }, helpers);
    assert.deepEqual(await both.find(HOST), password('own', 'word'));
    assert.deepEqual(await both.find('other.example.com'), password('file', 'word'));
    assert.equal(await both.find('third.example.com'), null);
    await using all = await dockerOf({ auths, credsStore: 'all' }, helpers);
    assert.deepEqual(await all.find(HOST), password('all', 'word'));
  });

  it('takes the identity token of a helper', async () => {
    const body = `console.log(JSON.stringify({ Username: '<token>', Secret: 'refresh' }));`;
    await using docker = await dockerOf({ credsStore: 'acr' }, { acr: body });
    const found = await docker.find(HOST);
    assert.deepEqual(found, password('00000000-0000-0000-0000-000000000000', 'refresh'));
  });

  it('asks a helper again only after five minutes', async () => {
    await using docker = await dockerOf({ credsStore: 'count' }, { count: COUNTING });
    const wordOf = async (host: string): Promise<string> => {
      const found = await docker.find(host);
      return found?.kind === 'password' ? found.password : '';
    };
    assert.equal(await wordOf(HOST), '1');
    docker.time = 299_999;
    assert.equal(await wordOf(HOST), '1');
    assert.equal(await wordOf('other.example.com'), '2');
    docker.time = 300_000;
    assert.equal(await wordOf(HOST), '3');
  });

  it('names a helper that fails, without what it printed', async () => {
    const bodies = {
      fails: `console.log('secret-in-output'); process.exit(3);`,
      lies: `console.log('secret-in-output');`,
      floods: `process.stdout.write('secret-in-output'.repeat(100_000));setInterval(() => {}, 1000);`,
    };
    for (const name of Object.keys(bodies)) {
      await using docker = await dockerOf({ credsStore: name }, bodies);
      await assert.rejects(
        async () => docker.find(HOST),
        (error: unknown) => {
          assert.ok(error instanceof Error && 'code' in error);
          assert.equal(error.code, 'images/credential-helper');
          assert.match(error.message, new RegExp(`docker-credential-${name}`));
          assert.doesNotMatch(error.message, /secret-in-output/);
          return true;
        },
      );
    }
    await using missing = await dockerOf({ credsStore: 'missing' });
    await assert.rejects(async () => missing.find(HOST), { code: 'images/credential-helper' });
  });

  it('ends a helper that hangs', async () => {
    await using docker = await dockerOf({ credsStore: 'hangs' }, { hangs: 'setInterval(() => {}, 1000);' });
    const dockerConfig = { ...docker.options, timeout: 50 };
    const find = createCredentials({ registries: [], dockerConfig });
    await assert.rejects(async () => find(HOST), {
      code: 'images/credential-helper',
      message: /was stopped/,
    });
  });

  it('runs nothing by a name that leads elsewhere', async () => {
    for (const name of ['../up', 'a b', 'x;y', '-rf']) {
      await using docker = await dockerOf({ credsStore: name });
      await assert.rejects(async () => docker.find(HOST), { code: 'images/docker-config' }, name);
    }
  });

  it('says that a file is no configuration', async () => {
    for (const text of ['{', '[]', 'null', '"x"']) {
      await using docker = await dockerOf(text);
      await assert.rejects(async () => docker.find(HOST), { code: 'images/docker-config' }, text);
    }
    await using folder = await dockerOf({});
    const dockerConfig = { ...folder.options, file: folder.folder };
    const find = createCredentials({ registries: [], dockerConfig });
    await assert.rejects(async () => find(HOST), { code: 'images/docker-config' });
  });

  it('passes over everything in a file that is of another shape', async () => {
    for (const config of [
      { auths: [] },
      { auths: { [HOST]: 1 } },
      { credHelpers: { [HOST]: 1 } },
      { x: 1 },
    ]) {
      await using docker = await dockerOf(config);
      assert.equal(await docker.find(HOST), null);
    }
  });

  it('lets the settings win, and has Docker for what they have no login for', async () => {
    await using docker = await dockerOf({
      auths: { [HOST]: { auth: basic('file:word') }, 'docker.io': { auth: basic('file:word') } },
    });
    const registry = (host: string, username: string | null): RegistrySettings => ({
      host,
      login: username === null ? null : { username, password: 'word' },
      insecure: false,
    });
    const registries = [registry('index.docker.io', 'settings'), registry(HOST, null)];
    const find = createCredentials({ registries, dockerConfig: docker.options });
    assert.deepEqual(await find('docker.io'), password('settings', 'word'));
    assert.deepEqual(await find(HOST), password('file', 'word'));
  });
});

describe('dockerConfigFile', () => {
  it('is in the folder that the environment names, or in the home', () => {
    assert.equal(dockerConfigFile({ DOCKER_CONFIG: '/d', HOME: '/home/me' }), join('/d', 'config.json'));
    assert.equal(dockerConfigFile({ HOME: '/home/me' }), join('/home/me', '.docker', 'config.json'));
    assert.equal(dockerConfigFile({}), null);
  });
});
