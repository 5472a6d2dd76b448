import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isObject } from '@callboard/model';
import { loadHost, MODULE_NAMES } from './load-host.ts';

/** As compiled extensions read it. */
function hostModule(name: string): Record<string, unknown> {
  const host: unknown = Reflect.get(globalThis, Symbol.for('callboard.host'));
  const modules = isObject(host) ? host['modules'] : undefined;
  const found = isObject(modules) ? modules[name] : undefined;
  assert.ok(isObject(found), `${name} is not loaded`);
  return found;
}

describe('loadHost', () => {
  it('puts the modules where extensions look for them', async () => {
    await loadHost(['react', '@backstage/errors', 'react-use/esm/useAsync']);
    const react = hostModule('react');
    assert.equal(typeof react['useState'], 'function');
    assert.ok(isObject(react['default']) && react['default']['useState'] === react['useState']);
    assert.equal(typeof hostModule('@backstage/errors')['ResponseError'], 'function');
    assert.equal(typeof hostModule('react-use/esm/useAsync')['default'], 'function');
  });

  it('gives the same module each time', async () => {
    await loadHost(['@backstage/catalog-model']);
    const first = hostModule('@backstage/catalog-model');
    await loadHost(['@backstage/catalog-model']);
    assert.equal(hostModule('@backstage/catalog-model'), first);
  });

  it('names a module that it does not have', async () => {
    await assert.rejects(loadHost(['left-pad']), /“left-pad”/);
    await assert.rejects(loadHost(['react-use/useNothing']), /“react-use\/useNothing”/);
    await assert.rejects(loadHost(['__proto__']), /“__proto__”/);
  });
});

describe('MODULE_NAMES', () => {
  it('has what fields of forms are written with', () => {
    for (const name of ['react', '@rjsf/utils', '@material-ui/core', '@backstage/ui', 'react-use/*']) {
      assert.ok(MODULE_NAMES.includes(name), name);
    }
  });
});
