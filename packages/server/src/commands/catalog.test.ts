import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ask, component, folderOf } from './callboard.fixture.ts';

const CONFIG = `backend: { database: { connection: ./store/catalog.sqlite } }
catalog: { rules: [{ allow: [Component, Location] }] }
`;

describe('callboard catalog', () => {
  it('imports what is good, says what is not, and exports it again', async () => {
    await using folder = await folderOf({
      'conf/app.yaml': CONFIG,
      'a.yaml': `${component('a')}---\n${component('b')}`,
      'more/c.yaml': component('c').replace('production', 'experimental'),
      'more/bad.yaml': component('bad name'),
    });
    const at = (...args: string[]) =>
      ask(['catalog', ...args, '--config', 'conf/app.yaml'], { cwd: folder.path });
    const first = await at('import', 'a.yaml');
    assert.deepEqual([first.code, first.err], [0, '']);
    assert.match(first.out, /^3 entities added, 3 in the catalog: no problems\n$/);

    const second = await at('import', 'more', '--json');
    assert.equal(second.code, 1);
    const { diagnostics, ...counted } = JSON.parse(second.out);
    assert.deepEqual(counted, { entities: 5, added: 2, errors: 1, warnings: 0 });
    assert.equal(diagnostics[0].file, join(folder.path, 'more/bad.yaml'));

    const yaml = await at('export', '--filter', 'kind=component');
    assert.equal(yaml.err, '3 entities\n');
    assert.deepEqual(yaml.out.match(/^ {2}name: .*$/gm), ['  name: a', '  name: b', '  name: c']);
    const json = await at('export', '--format', 'json', '--filter', 'spec.lifecycle=experimental');
    assert.deepEqual(
      JSON.parse(json.out).map(({ metadata }: { metadata: { name: string } }) => metadata.name),
      ['c'],
    );
    assert.equal(existsSync(join(folder.path, 'data')), false, 'the configured database was used');
  });

  it('imports nothing when a path is misspelt', async () => {
    await using folder = await folderOf({ 'app-config.yaml': CONFIG, 'a.yaml': component('a') });
    const { code, out } = await ask(['catalog', 'import', 'a.yaml', 'b.yaml'], { cwd: folder.path });
    assert.equal(code, 1);
    assert.match(out, /^b\.yaml error catalog\/source-missing: /);
    assert.match(out, /\n0 entities added, nothing was imported: 1 error\n$/);
    assert.equal(existsSync(join(folder.path, 'store')), false);
  });

  it('does not make a database in order to export it', async () => {
    await using folder = await folderOf({ 'app-config.yaml': CONFIG });
    const plain = await ask(['catalog', 'export'], { cwd: folder.path });
    assert.deepEqual([plain.code, plain.out], [1, '']);
    assert.match(
      plain.err,
      /^callboard catalog export: There is no database at store\/catalog\.sqlite, .*\(server\/no-database\)\n$/,
    );
    const json = await ask(['catalog', 'export', '--json'], { cwd: folder.path });
    assert.equal(json.code, 1);
    assert.equal(JSON.parse(json.out).error.code, 'server/no-database');
    assert.equal(existsSync(join(folder.path, 'store')), false);
  });

  it('says in one line why a filter or a database cannot be used', async () => {
    await using folder = await folderOf({
      'app-config.yaml': CONFIG,
      'bad.yaml': 'backend: { database: { connection: ./half.sqlite } }\n',
      'half.sqlite': 'half of it is missing'.repeat(100),
      'a.yaml': component('a'),
    });
    await ask(['catalog', 'import', 'a.yaml'], { cwd: folder.path });
    const filter = await ask(['catalog', 'export', '--filter', '=x'], { cwd: folder.path });
    assert.equal(filter.code, 1);
    assert.match(filter.err, /^callboard catalog export: .*\(catalog\/invalid-filter\)\n$/);
    const half = await ask(['catalog', 'export', '--config', 'bad.yaml'], { cwd: folder.path });
    assert.equal(half.code, 1);
    assert.match(half.err, /^callboard catalog export: .*half\.sqlite.*\(db\/unreadable\)\n$/);
  });
});
