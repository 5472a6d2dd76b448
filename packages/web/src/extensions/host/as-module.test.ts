import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { asModule, commonJs } from './as-module.ts';

/** What a compiled extension makes of an object that it takes for a CommonJS module. */
function asImported(module: object): object {
  const copy: object = Object.create(Object.getPrototypeOf(module));
  for (const key of Object.getOwnPropertyNames(module)) {
    Object.defineProperty(copy, key, { get: () => Reflect.get(module, key), enumerable: true });
  }
  return copy;
}

describe('asModule', () => {
  it('has the members, and is marked as a module with exports of its own', () => {
    const module = asModule('@backstage/errors', { toError: 1, default: 2 });
    assert.equal(module['toError'], 1);
    assert.equal(module['default'], 2);
    assert.equal(module['__esModule'], true);
    assert.deepEqual(Object.keys(module), ['toError', 'default']);
  });

  it('names module and export when an import of it is used that it does not have', () => {
    const imported = asImported(asModule('@backstage/ui', { Button: 1 }));
    assert.equal(Reflect.get(imported, 'Button'), 1);
    assert.throws(() => Reflect.get(imported, 'Knob'), {
      name: 'MissingExportError',
      message: /“@backstage\/ui” has no “Knob”/,
    });
    assert.equal('Knob' in imported, false);
  });

  it('can be awaited and written out', async () => {
    const imported = asImported(asModule('x', { a: 1 }));
    assert.equal(await Promise.resolve(imported), imported);
    assert.equal(JSON.stringify(imported), '{"a":1,"__esModule":true}');
    assert.equal(typeof Reflect.get(imported, 'toString'), 'function');
  });

  it('gives undefined for what libraries ask React for', () => {
    const imported = asImported(asModule('react', { useState: 1 }, { open: true }));
    assert.equal(Reflect.get(imported, 'use'), undefined);
  });
});

describe('commonJs', () => {
  it('is what the module exports, which is its default as well', () => {
    const exported = { useState: 1 };
    assert.deepEqual(commonJs({ default: exported, useState: 1 }), { useState: 1, default: exported });
  });

  it('takes a namespace as it is where there is no default', () => {
    const namespace = { jsx: 1 };
    assert.deepEqual(commonJs(namespace), { jsx: 1, default: namespace });
  });
});
