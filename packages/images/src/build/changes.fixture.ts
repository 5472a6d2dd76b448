/** An image for tests, the changes that a command makes to it, and what the files have to be afterwards. */
import assert from 'node:assert/strict';
import type { ImageAt } from '../image/image.ts';
import type { RegistryClient } from '../image/registry-client.ts';
import { fileList } from './file-list.fixture.ts';
import { tarOf, type EntryDraft } from '../image/tar.fixture.ts';
import { pushImage } from './image.fixture.ts';
import { machineRoot } from './machine-root.fixture.ts';
import type { TestRegistry } from './registry.fixture.ts';

/** cap_net_raw+ep, version 2, with a byte that is no UTF-8. */
const CAPABILITY = Buffer.from([1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
const DATA: readonly EntryDraft[] = [
  { path: 'data', kind: 'folder', mode: 0o2775, uid: 10, gid: 20 },
  { path: 'data/kept', content: 'kept', mtime: 1_500_000_000 },
  { path: 'data/changed', content: 'before' },
  { path: 'data/removed', content: 'gone' },
  { path: 'data/replaced', kind: 'folder' },
  { path: 'data/replaced/old', content: 'old' },
  { path: 'data/folder-to-file', kind: 'folder' },
  { path: 'data/folder-to-file/x', content: 'x' },
  { path: 'data/file-to-folder', content: 'file' },
  { path: 'data/emptied', kind: 'folder' },
  { path: 'data/emptied/a', content: 'a' },
  {
    path: 'data/capable',
    mode: 0o755,
    content: 'capable',
    xattrs: new Map([['security.capability', CAPABILITY]]),
  },
  { path: 'data/setuid', mode: 0o4755, uid: 7, gid: 8, content: 'setuid' },
  { path: 'data/one', content: 'linked' },
  { path: 'data/two', kind: 'hardlink', link: 'data/one' },
  { path: 'data/link', kind: 'symlink', link: '/nowhere/at/all', mode: 0o777 },
];
/** A second layer, without entries for the folders that it changes. */
const UPPER: readonly EntryDraft[] = [
  { path: 'data/second', content: 'second layer' },
  { path: 'data/.wh.below' },
];

/** A script for the shell of the image. */
export const CHANGES = `set -e
cd /data
echo added > added; echo after > changed; rm removed
rm -r replaced; mkdir replaced; echo new > replaced/new
rm -r folder-to-file; echo file > folder-to-file
rm file-to-folder; mkdir file-to-folder; echo in > file-to-folder/in
rm emptied/a
chmod 711 capable
cp setuid copied; chown 5:6 copied; chmod 6755 copied
echo hard > hard-a; ln hard-a hard-b; ln -s ../etc/x soft
ln -s /absolute soft-absolute
mkdir -m 1777 sticky; mkfifo pipe
touch -- '-rf' 'a b' "tab$(printf '\\t')" "line
break" "$(printf 'bytes\\377\\303')" 'ümlaut' '.hidden' '$(id)' 'quote"' 'back\\slash'
mkdir -p deep/${'d'.repeat(200)}/${'e'.repeat(200)}; echo deep > deep/${'d'.repeat(200)}/${'e'.repeat(200)}/file
chown 70000:2097152 added
touch -d 2040-01-01 future
touch -d 2001-01-01 past
mv second third
rm link; echo link > link
`;

export async function pushBase(registry: TestRegistry): Promise<ImageAt> {
  const at = { registry: registry.registry, repository: 'golden/test' };
  const first = tarOf([...machineRoot(), ...DATA, { path: 'data/below', content: 'below' }]);
  return await pushImage(registry.client, at, { layers: [first, tarOf(UPPER)] });
}

/** That `made` is `base` with `CHANGES`, as its layers in the registry say. */
export async function checkChanges(client: RegistryClient, base: ImageAt, made: ImageAt): Promise<void> {
  const before = await fileList(client, base);
  const now = await fileList(client, made);
  const differing = [...new Set([...before.keys(), ...now.keys()])].filter(
    (path) => before.get(path) !== now.get(path),
  );
  assert.ok(
    differing.every((path) => path.startsWith('data/')),
    differing.join(),
  );
  for (const gone of ['removed', 'replaced/old', 'folder-to-file/x', 'emptied/a', 'second', 'below']) {
    assert.equal(now.has(`data/${gone}`), false, gone);
  }
  for (const kept of ['data', 'data/kept', 'data/setuid']) {
    assert.equal(now.get(kept), before.get(kept), kept);
  }
  assert.match(now.get('data') ?? '', /^folder 2775 10:20 /);
  assert.match(now.get('data/added') ?? '', /^file 644 70000:2097152 6 /);
  assert.match(now.get('data/copied') ?? '', /^file 6755 5:6 6 /);
  assert.match(now.get('data/capable') ?? '', /^file 711 .*security\.capability=0100000200200000/);
  assert.match(now.get('data/hard-a') ?? '', / data\/hard-b$/);
  assert.match(now.get('data/soft') ?? '', /^symlink .* \.\.\/etc\/x$/);
  assert.match(now.get('data/pipe') ?? '', /^fifo /);
  assert.match(now.get('data/folder-to-file') ?? '', /^file /);
  assert.match(now.get('data/file-to-folder') ?? '', /^folder /);
  for (const odd of [
    '-rf',
    'a b',
    'tab\t',
    'line\nbreak',
    'bytes\xff\xc3',
    '\xc3\xbcmlaut',
    '$(id)',
    'back\\slash',
  ]) {
    assert.ok(now.has(`data/${odd}`), odd);
  }
  assert.ok(now.has(`data/deep/${'d'.repeat(200)}/${'e'.repeat(200)}/file`));
}
