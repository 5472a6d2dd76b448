import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseExtensionsConfig } from './config.ts';

const parse = (folder: unknown, files: readonly string[] = ['/etc/portal/app-config.yaml']) =>
  parseExtensionsConfig(
    { getOptional: () => (folder === undefined ? undefined : JSON.parse(JSON.stringify(folder))) },
    { cwd: '/srv/portal', files },
  );

describe('parseExtensionsConfig', () => {
  it('takes the folder beside the first file of the configuration', () => {
    const { settings, diagnostics } = parse(undefined, ['/srv/portal/app-config.yaml', '/etc/more.yaml']);
    assert.deepEqual(settings, { folder: '/srv/portal/extensions', folderName: 'extensions' });
    assert.deepEqual(diagnostics, []);
    assert.equal(parse(undefined).settings.folder, '/etc/portal/extensions');
    assert.equal(parse(undefined, []).settings.folder, '/srv/portal/extensions');
  });

  it('takes a path, and calls it by no place on the machine', () => {
    assert.deepEqual(parse('./ui/fields').settings, {
      folder: '/srv/portal/ui/fields',
      folderName: 'ui/fields',
    });
    assert.deepEqual(parse('/opt/fields').settings, { folder: '/opt/fields', folderName: 'fields' });
  });

  it('warns of what is no path, and takes the usual folder', () => {
    for (const odd of [7, '', ' ', ['a'], null]) {
      const { settings, diagnostics } = parse(odd);
      assert.equal(settings.folder, '/etc/portal/extensions');
      assert.deepEqual(
        diagnostics.map(({ code, severity, path }) => [code, severity, path]),
        [['extensions/folder', 'warning', 'extensions.folder']],
      );
    }
  });
});
