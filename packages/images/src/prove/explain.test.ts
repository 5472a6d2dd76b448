import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { viewOf } from '../inventory/image-files.fixture.ts';
import { BASE_TREE, entry, file } from './evidence.fixture.ts';
import { explainLayer, unexplainedPaths } from './explain.ts';
import type { LayerEntry } from './layer.ts';
import { parseDebDatabase } from './package-files.ts';
import { withLayer, type FileTree } from './tree.ts';

const explain = (
  layer: readonly LayerEntry[],
  base: FileTree = BASE_TREE,
  allowed: readonly RegExp[] = [],
): ReturnType<typeof explainLayer> =>
  explainLayer({
    format: 'deb',
    layer,
    evidence: [
      {
        name: 'openssl',
        architecture: 'amd64',
        source: 'downloaded',
        before: parseDebDatabase('/usr/bin/c_rehash\n', ''),
        after: parseDebDatabase('/usr/bin/openssl\n/lib/python3/x.py\n', ''),
      },
    ],
    base,
    before: viewOf({ '/etc/passwd': 'root' }),
    allowed,
  });

async function reasons(
  layer: readonly LayerEntry[],
  allowed: readonly RegExp[] = [],
): Promise<Record<string, string | null>> {
  const found = await explain(layer, BASE_TREE, allowed);
  return Object.fromEntries([...found].map(([{ path }, reason]) => [path, reason]));
}

describe('explainLayer', () => {
  it('gives to a changed package its files, those it had, its records, and what is compiled of it', async () => {
    const layer = [
      file('/usr/bin/openssl', 'x'),
      entry('/usr/bin/c_rehash', 'whiteout'),
      file('/var/lib/dpkg/info/openssl.md5sums', 'x'),
      file('/var/lib/dpkg/info/openssl:amd64.list', 'x'),
      file('/usr/lib/python3/__pycache__/x.cpython-39.pyc', 'x'),
    ];
    assert.deepEqual(new Set(Object.values(await reasons(layer))), new Set(['package']));
  });

  it('knows the state of the package manager, mount points, and leftovers that are taken away', async () => {
    const layer = [
      file('/var/lib/dpkg/status', 'x'),
      file('/var/lib/apt/extended_states', 'x'),
      file('/etc/ld.so.cache', 'x'),
      file('/etc/hosts', ''),
      entry('/var/lib/apt/lists/lock', 'whiteout'),
      entry('/var/lib/dpkg/status-old', 'whiteout'),
      entry('/var/new', 'directory'),
    ];
    assert.deepEqual(new Set(Object.values(await reasons(layer))), new Set(['state']));
  });

  it('knows what is put beside a configuration that somebody edited, and nothing else with such a name', async () => {
    const layer = [
      file('/usr/bin/openssl.dpkg-dist', 'x'),
      file('/etc/foreign.dpkg-dist', 'x'),
      file('/usr/bin/openssl.rpmnew', 'x'),
    ];
    assert.deepEqual(await reasons(layer), {
      '/usr/bin/openssl.dpkg-dist': 'package',
      '/etc/foreign.dpkg-dist': null,
      '/usr/bin/openssl.rpmnew': null,
    });
  });

  it('lets a folder be made anew as long as a package had all that was in it', async () => {
    const cache = '/usr/lib/python3/__pycache__';
    const base = withLayer(BASE_TREE, [entry(cache, 'directory'), file(`${cache}/x.cpython-39.pyc`, 'old')]);
    const layer = [entry(cache, 'directory'), entry(cache, 'opaque')];
    assert.deepEqual(unexplainedPaths(await explain(layer, base)), []);
    const more = withLayer(base, [file(`${cache}/of-somebody`, 'old')]);
    assert.deepEqual(unexplainedPaths(await explain(layer, more)), [`${cache} changed, and no package did`]);
    const all = withLayer(BASE_TREE, [entry('/', 'opaque')]);
    assert.equal(all.size, 0);
    assert.equal(unexplainedPaths(await explain([entry('/', 'opaque')], base)).length, 1);
  });

  it('lets a file pass that is what it was', async () => {
    const layer = [
      file('/etc/passwd', 'root'),
      entry('/lib', 'symlink', { target: 'usr/lib' }),
      entry('/usr', 'directory'),
    ];
    assert.deepEqual(new Set(Object.values(await reasons(layer))), new Set(['same']));
  });

  it('has no reason for anything else', async () => {
    const layer = [
      file('/etc/passwd', 'root', { mode: 0o666 }),
      file('/etc/hosts', '10.0.0.1 mirror'),
      file('/var/lib/apt/lists/some_InRelease', 'x'),
      file('/var/lib/dpkg/info/other.list', 'x'),
      file('/usr/lib/other/__pycache__/y.cpython-39.pyc', 'x'),
      entry('/var/lib/dpkg/status', 'opaque'),
      entry('/dev/sda', 'device'),
      entry('/open', 'directory', { mode: 0o777 }),
      entry('/usr/bin/su', 'whiteout'),
    ];
    assert.deepEqual(new Set(Object.values(await reasons(layer))), new Set([null]));
  });

  it('takes more paths that are all right', async () => {
    assert.deepEqual(await reasons([file('/opt/agent.log', 'x')], [/^\/opt\/[^/]+\.log$/]), {
      '/opt/agent.log': 'state',
    });
  });
});

describe('unexplainedPaths', () => {
  it('says what happened to each path', () => {
    const explained = new Map([
      [file('/a', ''), null],
      [entry('/b', 'whiteout'), null],
      [file('/c', ''), 'state' as const],
    ]);
    assert.deepEqual(unexplainedPaths(explained), [
      '/a changed, and no package did',
      '/b was removed, and no package did',
    ]);
  });
});
