import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { HOST_MODULES, hostModule } from './host-modules.ts';

/** What the page loads its modules by. */
const PAGE = new URL('../../web/src/extensions/host/load-host.ts', import.meta.url);

describe('hostModule', () => {
  it('knows the modules that the page has, and no others', async () => {
    const [, table = ''] = /const LOADERS\b[^{]*\{\n([^]*?)\n\};/.exec(await readFile(PAGE, 'utf8')) ?? [];
    const ofPage = [...table.matchAll(/^ {2}'?([@\w./-]+)'?:/gm)].map(([, name = '']) => name);
    assert.ok(ofPage.length > 20, 'the table was found');
    assert.deepEqual([...HOST_MODULES].toSorted(), ofPage.toSorted());
    for (const name of HOST_MODULES) assert.equal(hostModule(name)?.needs, name);
  });

  it('takes what lies below Material UI from the whole of it', () => {
    assert.equal(hostModule('@material-ui/core/TextField')?.needs, '@material-ui/core');
    assert.equal(hostModule('@material-ui/icons'), null);
  });
});
