import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { component, folderOf, run, startReady } from './callboard.fixture.ts';

const config = (port: number | string, location = 'a.yaml'): string => `backend:
  listen:
    port: ${port}
  database:
    connection: ':memory:'
catalog:
  locations: [{ type: file, target: ./${location} }]
`;

describe('callboard start', () => {
  it('says where it is and how long it took, and serves until it is asked to stop', async () => {
    await using folder = await folderOf({ 'app-config.yaml': config(0), 'a.yaml': component('a') });
    await using portal = await startReady({ cwd: folder.path });
    assert.match(portal.url, /^http:\/\/localhost:\d+$/);
    assert.equal(typeof portal.ready['seconds'], 'number');
    const health = await fetch(`${portal.url}/.backstage/health/v1/readiness`);
    assert.equal(health.status, 200);
    const { code, lines } = await portal.stop('SIGINT');
    assert.equal(code, 0);
    const last = JSON.parse(lines.at(-1) ?? '');
    assert.deepEqual([last.msg, last.clean], ['the portal stopped', true]);
  });

  it('lets guests in with --dev, though others could reach it', async () => {
    await using folder = await folderOf({
      'app-config.yaml': `auth: { providers: { guest: {} } }\n${config(0)}`,
      'host.yaml': 'backend: { listen: { host: 127.0.0.2 } }\n',
      'a.yaml': component('a'),
    });
    const signIn = async (...more: string[]): Promise<number> => {
      const args = ['--config', 'app-config.yaml', '--config', 'host.yaml', ...more];
      await using portal = await startReady({ cwd: folder.path, args });
      const { status } = await fetch(`${portal.url}/api/auth/guest/refresh`, { method: 'POST' });
      return status;
    };
    assert.deepEqual([await signIn(), await signIn('--dev')], [403, 200]);
  });

  it('says what to do when the port is taken', async () => {
    await using folder = await folderOf({ 'app-config.yaml': config(0), 'a.yaml': component('a') });
    await using portal = await startReady({ cwd: folder.path });
    const { port } = new URL(portal.url);
    const second = await run(['start'], {
      cwd: folder.path,
      env: { APP_CONFIG_backend_listen_port: port },
    });
    assert.deepEqual([second.code, second.out], [1, '']);
    assert.match(second.err, /^callboard start: Something listens on .*\(server\/port-in-use\)\n$/);
    assert.match(second.err, new RegExp(`APP_CONFIG_backend_listen_port=${Number(port) + 1}`));
  });

  it('does not start with a broken configuration, and shows where it is broken', async () => {
    await using folder = await folderOf({ 'app-config.yaml': config('none') });
    const plain = await run(['start'], { cwd: folder.path });
    assert.deepEqual([plain.code, plain.out], [1, '']);
    assert.match(
      plain.err,
      /^callboard start: .*does not start \(server\/config\):\n(.*\n)*.*error kernel\/listen: /,
    );
    const json = await run(['start', '--json'], { cwd: folder.path });
    assert.equal(json.code, 1);
    assert.equal(JSON.parse(json.out).error.code, 'server/config');
  });

  it('does not start without its database, a known host or its files', async () => {
    await using folder = await folderOf({
      'file.yaml': 'backend: { database: { connection: ./file.yaml/x.sqlite } }\n',
      'host.yaml':
        "backend: { listen: { host: 'no.such.host.invalid', port: 0 }, database: { connection: ':memory:' } }\n",
    });
    const at = (file: string) => run(['start', '--config', file], { cwd: folder.path });
    const [database, host, missing] = await Promise.all([at('file.yaml'), at('host.yaml'), at('nope.yaml')]);
    assert.match(database.err, /^callboard start: .*\(db\/unreadable\)\n$/);
    assert.match(
      host.err,
      /^callboard start: no\.such\.host\.invalid is no address .*\(server\/host-unknown\)\n$/,
    );
    assert.match(missing.err, /\nnope\.yaml error config\/file-missing: /);
    assert.deepEqual([database.code, host.code, missing.code], [1, 1, 1]);
    assert.doesNotMatch(database.err + host.err + missing.err, new RegExp(join(folder.path, '/')));
  });
});
