import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { CodedError } from '../error.ts';
import { configFrom } from './config.ts';
import { loadConfig } from './load.ts';

const config = configFrom(
  {
    text: 'hello',
    empty: '',
    spelled: '8080',
    word: 'many',
    number: 5,
    not: Number.NaN,
    yes: 'Yes',
    off: 'off',
    one: 1,
    flag: false,
    gone: null,
    list: ['a', 'b'],
    mixed: ['a', ''],
    objects: [{ name: 'x', gone: null }, { name: 'y' }],
    halfObjects: [{ name: 'x' }, 5],
    a: { b: { c: 'deep' }, gone: null },
  },
  'app-config.yaml',
);

function throws(read: () => unknown, code: string, message: string): void {
  assert.throws(read, (error) => {
    assert(error instanceof CodedError);
    assert.deepEqual({ code: error.code, message: error.message }, { code, message });
    return true;
  });
}

function invalid(key: string, got: string, wanted: string): string {
  return `Invalid type in config for key '${key}' in 'app-config.yaml', got ${got}, wanted ${wanted}`;
}

describe('Config', () => {
  it('reads texts, and refuses empty ones', () => {
    assert.equal(config.getString('text'), 'hello');
    assert.equal(config.getString('a.b.c'), 'deep');
    assert.equal(config.getOptionalString('nowhere'), undefined);
    throws(
      () => config.getString('empty'),
      'config/invalid-type',
      invalid('empty', 'empty-string', 'string'),
    );
    throws(
      () => config.getOptionalString('number'),
      'config/invalid-type',
      invalid('number', 'number', 'string'),
    );
    throws(() => config.getString('a'), 'config/invalid-type', invalid('a', 'object', 'string'));
    throws(() => config.getString('list'), 'config/invalid-type', invalid('list', 'array', 'string'));
    throws(() => config.getString('not'), 'config/invalid-type', invalid('not', 'nan', 'string'));
  });

  it('reads numbers, also from texts that are numbers', () => {
    assert.equal(config.getNumber('number'), 5);
    assert.equal(config.getNumber('spelled'), 8080);
    throws(
      () => config.getNumber('word'),
      'config/not-convertible',
      "Unable to convert config value for key 'word' in 'app-config.yaml' to a number",
    );
    throws(() => config.getNumber('flag'), 'config/invalid-type', invalid('flag', 'boolean', 'number'));
  });

  it('reads booleans, also from the usual words and from 0 and 1', () => {
    for (const value of ['y', 'YES', 'true', ' on ', '1', 1, true]) {
      assert.equal(configFrom({ value }).getBoolean('value'), true, String(value));
    }
    for (const value of ['n', 'No', 'false', 'OFF', '0', 0, false]) {
      assert.equal(configFrom({ value }).getBoolean('value'), false, String(value));
    }
    throws(
      () => config.getBoolean('word'),
      'config/not-convertible',
      "Unable to convert config value for key 'word' in 'app-config.yaml' to a boolean",
    );
    throws(() => config.getBoolean('a'), 'config/invalid-type', invalid('a', 'object', 'boolean'));
  });

  it('reads lists of texts, and names the item that is none', () => {
    assert.deepEqual(config.getStringArray('list'), ['a', 'b']);
    throws(
      () => config.getStringArray('mixed'),
      'config/invalid-type',
      invalid('mixed[1]', 'empty-string', 'string-array'),
    );
    throws(
      () => config.getStringArray('text'),
      'config/invalid-type',
      invalid('text', 'string', 'string-array'),
    );
  });

  it('gives views of objects, whose messages show the whole key', () => {
    const view = config.getConfig('a').getConfig('b');
    assert.equal(view.getString('c'), 'deep');
    assert.deepEqual(view.get(), { c: 'deep' });
    throws(
      () => view.getString('nowhere'),
      'config/missing',
      "Missing required config value at 'a.b.nowhere' in 'app-config.yaml'",
    );
    throws(() => view.getNumber('c.d'), 'config/invalid-type', invalid('a.b.c', 'string', 'object'));
    throws(() => config.getConfig('text'), 'config/invalid-type', invalid('text', 'string', 'object'));
    assert.equal(config.getOptionalConfig('nowhere'), undefined);
  });

  it('gives views of the objects in a list', () => {
    const names = config.getConfigArray('objects').map((item) => item.getString('name'));
    assert.deepEqual(names, ['x', 'y']);
    const [first] = config.getConfigArray('objects');
    assert.throws(() => first?.getString('gone'), /value at 'objects\[0\]\.gone' in 'app-config.yaml'/);
    throws(
      () => config.getConfigArray('halfObjects'),
      'config/invalid-type',
      invalid('halfObjects[1]', 'number', 'object-array'),
    );
  });

  it('takes null for no value', () => {
    assert.equal(config.has('gone'), false);
    assert.equal(config.has('gone.below'), false);
    assert.equal(config.getOptional('gone'), undefined);
    assert.equal(config.keys().includes('gone'), false);
    assert.deepEqual(config.get('a'), { b: { c: 'deep' } });
    assert.deepEqual(config.get('objects'), [{ name: 'x', gone: null }, { name: 'y' }]);
    throws(
      () => config.get('gone'),
      'config/missing',
      "Missing required config value at 'gone' in 'app-config.yaml'",
    );
  });

  it('refuses keys that no configuration can have', () => {
    for (const key of ['a..b', '.a', 'a.', '1a', 'a b', 'a[0]']) {
      throws(() => config.has(key), 'config/invalid-key', `Invalid config key '${key}'`);
    }
  });

  it('hands out copies', () => {
    const list = config.getStringArray('list');
    list.push('c');
    assert.deepEqual(config.getStringArray('list'), ['a', 'b']);
  });

  it('names the file that holds the value, the highest one for what is missing', async () => {
    const cwd = await mkdtemp(join(tmpdir(), 'config-'));
    try {
      await writeFile(join(cwd, 'app-config.yaml'), 'a:\n  b: 5\nonly: { x: 1 }\n');
      await writeFile(join(cwd, 'app-config.local.yaml'), 'a:\n  c: 6\n');
      const { config: loaded } = await loadConfig({ cwd, env: { APP_CONFIG_z: '1' } });
      assert.throws(() => loaded.getString('a.b'), /key 'a\.b' in 'app-config\.yaml'/);
      assert.throws(() => loaded.getString('a.c'), /key 'a\.c' in 'app-config\.local\.yaml'/);
      assert.throws(() => loaded.getString('z'), /key 'z' in 'env'/);
      assert.throws(() => loaded.getString('nowhere'), /at 'nowhere' in 'env'/);
      assert.throws(() => loaded.getConfig('a').getString('x'), /at 'a\.x' in 'app-config\.local\.yaml'/);
      assert.throws(() => loaded.getConfig('only').getString('y'), /at 'only\.y' in 'app-config\.yaml'/);
    } finally {
      await rm(cwd, { recursive: true });
    }
  });
});

describe('Config.positionOf', () => {
  it('tells file, line and column of a key, of an item, and of included content', async () => {
    const cwd = await mkdtemp(join(tmpdir(), 'config-'));
    try {
      const file = join(cwd, 'app-config.yaml');
      const part = join(cwd, 'part.yaml');
      await writeFile(file, 'a:\n  b: 5\n  list:\n    - x: 1\nfrom: { $include: "part.yaml" }\nnone: null\n');
      await writeFile(part, '# a part\ninner: 1\n');
      const { config: loaded } = await loadConfig({ cwd, env: { APP_CONFIG_v: '1' } });
      assert.deepEqual(loaded.positionOf('a.b'), { file, line: 2, column: 3 });
      assert.deepEqual(loaded.getConfig('a').positionOf('list[0].x'), { file, line: 4, column: 7 });
      assert.deepEqual(loaded.positionOf('a.list[0]'), { file, line: 4, column: 7 });
      assert.deepEqual(loaded.positionOf('from.inner'), { file: part, line: 2, column: 1 });
      assert.equal(loaded.positionOf('v'), null);
      assert.equal(loaded.positionOf('none'), null);
      assert.equal(loaded.positionOf('a.nowhere'), null);
    } finally {
      await rm(cwd, { recursive: true });
    }
  });
});

describe('Config.adopt', () => {
  it('changes the values of every view and tells the subscribers', () => {
    const live = configFrom({ a: { b: 1 } });
    const view = live.getConfig('a');
    const seen: unknown[] = [];
    view.subscribe(() => seen.push(live.get()));
    assert.equal(live.adopt(configFrom({ a: { b: 2 } })), true);
    assert.equal(view.getNumber('b'), 2);
    assert.deepEqual(seen, [{ a: { b: 2 } }]);
  });

  it('tells nobody when no value differs, nor those who have left', () => {
    const live = configFrom({ a: 1 });
    let calls = 0;
    const leave = live.subscribe(() => {
      calls += 1;
    });
    assert.equal(live.adopt(configFrom({ a: 1, gone: null })), false);
    leave();
    assert.equal(live.adopt(configFrom({ a: 2 })), true);
    assert.equal(calls, 0);
  });

  it('tells all subscribers before it throws what some of them threw', () => {
    const live = configFrom({ a: 1 });
    const told: string[] = [];
    live.subscribe(() => {
      told.push('first');
      throw new Error('broken subscriber');
    });
    live.subscribe(() => told.push('second'));
    assert.throws(() => live.adopt(configFrom({ a: 2 })), AggregateError);
    assert.deepEqual(told, ['first', 'second']);
    assert.equal(live.getNumber('a'), 2);
  });

  it('leaves a view of a removed object empty', () => {
    const live = configFrom({ a: { b: 1 } });
    const view = live.getConfig('a');
    live.adopt(configFrom({}));
    assert.equal(view.has('b'), false);
    assert.deepEqual(view.keys(), []);
    assert.throws(() => view.getNumber('b'), /Missing required config value at 'a\.b'/);
  });
});

describe('Config.getOptionalDuration', () => {
  it('takes texts, ISO texts and objects, and gives milliseconds', () => {
    const durations = configFrom({
      short: '5m',
      iso: 'PT5M',
      object: { minutes: 4, seconds: '60' },
      none: null,
    });
    for (const key of ['short', 'iso', 'object']) {
      assert.equal(durations.getOptionalDuration(key), 300_000, key);
    }
    assert.equal(durations.getOptionalDuration('none'), null);
    assert.equal(durations.getOptionalDuration('nowhere'), null);
  });

  it('says what is wrong with anything else', () => {
    const wrong: readonly (readonly [value: string | number | Record<string, number>, message: RegExp])[] = [
      ['5', /Invalid duration '5' in config at 'a\.d', The value cannot be a plain number/],
      ['soon', /Invalid duration 'soon' in config at 'a\.d', Not a valid duration string/],
      [5, /Failed to read duration from config at 'a\.d', .*got number, wanted object/],
      [{}, /Needs one or more of 'years', 'months'/],
      [{ minute: 5, minutes: 1 }, /Unknown property 'minute'; expected one or more of/],
      [{ minutes: -5 }, /Negative durations are not allowed/],
    ];
    for (const [d, message] of wrong) {
      const view = configFrom({ a: { d } }).getConfig('a');
      assert.throws(() => view.getOptionalDuration('d'), message);
    }
  });
});
