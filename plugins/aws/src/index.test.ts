import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonValue } from '@callboard/model';
import type { PluginContext, PluginParts } from '@callboard/plugin';
import { plugin } from './index.ts';

const SILENT: PluginContext['logger'] = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  child: () => SILENT,
};

async function partsOf(aws: JsonValue | undefined): Promise<PluginParts> {
  const outside = async (): Promise<never> => assert.fail('it went outside');
  return plugin.provision({
    logger: SILENT,
    forges: [],
    git: { publish: outside, pushBranch: outside },
    config: (key) => (key === 'aws' ? aws : undefined),
    fetch: outside,
  });
}

const FIELDS = ['AwsAccountPicker', 'AwsEnvironmentPicker', 'AwsRegionPicker', 'AwsRolePicker'];

describe('plugin', () => {
  it('has lists and fields, and lists accounts of the configuration', async () => {
    const { fields = {}, options = {} } = await partsOf({
      accounts: [{ id: '210987654301', name: 'booking' }],
    });
    assert.deepEqual(Object.keys(fields).toSorted(), FIELDS);
    assert.deepEqual(Object.keys(options).toSorted(), [
      'aws:accounts',
      'aws:environments',
      'aws:regions',
      'aws:roles',
    ]);
    const user = { ref: 'user:default/anna', groups: [] };
    const { signal } = new AbortController();
    const accounts = await options['aws:accounts']?.({ input: {}, user, signal });
    assert.deepEqual(accounts, [{ id: '210987654301', name: 'booking' }]);
  });

  it('has its fields without a configuration too, so that templates can be read', async () => {
    assert.deepEqual(Object.keys((await partsOf(undefined)).fields ?? {}).toSorted(), FIELDS);
  });

  it('explains each field with an example that uses it', async () => {
    for (const [name, field] of Object.entries((await partsOf({})).fields ?? {})) {
      assert.ok(field.description.length > 20);
      assert.ok(field.examples?.every(({ example }) => example.includes(`ui:field: ${name}\n`)));
      assert.ok((field.examples?.length ?? 0) > 0);
    }
  });

  it('does not start with a configuration that is wrong', async () => {
    await assert.rejects(async () => partsOf({ accounts: 'all' }), { code: 'aws/bad-config' });
  });
});
