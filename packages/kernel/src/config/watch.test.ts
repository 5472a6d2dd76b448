/** Real files and real events. A wait ends with the event; the deadline only turns a hang into a failure. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { JsonObject } from '@callboard/model';
import type { Config } from './config.ts';
import { loadConfig } from './load.ts';
import { watchConfig, type ConfigChange } from './watch.ts';

interface Scene {
  readonly cwd: string;
  readonly config: Config;
  /** The next change that is reported, in order; rejects after 20 seconds without one. */
  readonly next: () => Promise<ConfigChange>;
  /** What was reported and not yet taken by `next`. */
  readonly waiting: readonly ConfigChange[];
}

async function scene(
  files: Readonly<Record<string, string>>,
  play: (scene: Scene) => Promise<void>,
): Promise<void> {
  const cwd = await mkdtemp(join(tmpdir(), 'config-'));
  try {
    for (const [name, text] of Object.entries(files)) await writeFile(join(cwd, name), text);
    const loaded = await loadConfig({ cwd, env: {} });
    const waiting: ConfigChange[] = [];
    let wake = (): void => undefined;
    await using open = new AsyncDisposableStack();
    const onChange = (change: ConfigChange): void => {
      waiting.push(change);
      wake();
    };
    open.use(watchConfig(loaded, { debounceMs: 10, onChange }));
    async function next(): Promise<ConfigChange> {
      const deadline = Date.now() + 20_000;
      while (waiting.length === 0) {
        assert(Date.now() < deadline, 'no change was reported');
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        const timer = setTimeout(resolve, 1000);
        await promise;
        clearTimeout(timer);
      }
      const change = waiting.shift();
      assert(change !== undefined);
      return change;
    }
    await play({ cwd, config: loaded.config, next, waiting });
  } finally {
    await rm(cwd, { recursive: true });
  }
}

function codes(change: ConfigChange): readonly string[] {
  return change.diagnostics.map(({ code }) => code);
}

describe('watchConfig', () => {
  it('replaces the values in the same Config and tells its subscribers', async () => {
    await scene({ 'app-config.yaml': 'a: 1' }, async ({ cwd, config, next }) => {
      const seen: JsonObject[] = [];
      config.subscribe(() => seen.push({ a: config.getNumber('a') }));
      await writeFile(join(cwd, 'app-config.yaml'), 'a: 2');
      assert.equal((await next()).outcome, 'applied');
      assert.equal(config.getNumber('a'), 2);
      assert.deepEqual(seen, [{ a: 2 }]);
    });
  });

  it('notices a file that is replaced by renaming another, again and again', async () => {
    await scene({ 'app-config.yaml': 'a: 1' }, async ({ cwd, config, next }) => {
      for (const value of [2, 3, 4]) {
        await writeFile(join(cwd, '.app-config.yaml.swp'), `a: ${value}`);
        await rename(join(cwd, '.app-config.yaml.swp'), join(cwd, 'app-config.yaml'));
        assert.equal((await next()).outcome, 'applied');
        assert.equal(config.getNumber('a'), value);
      }
    });
  });

  it('keeps the old values while there are errors, and takes the corrected ones', async () => {
    await scene({ 'app-config.yaml': 'a: 1' }, async ({ cwd, config, next }) => {
      await writeFile(join(cwd, 'app-config.yaml'), 'a: "2');
      const rejected = await next();
      assert.equal(rejected.outcome, 'rejected');
      assert.deepEqual(codes(rejected), ['config/yaml-syntax']);
      assert.equal(config.getNumber('a'), 1);
      await writeFile(join(cwd, 'app-config.yaml'), 'a: 3');
      assert.equal((await next()).outcome, 'applied');
      assert.equal(config.getNumber('a'), 3);
    });
  });

  it('follows included files, also after the include was added', async () => {
    await scene({ 'app-config.yaml': 'a: 1', 'secret.txt': 'first' }, async ({ cwd, config, next }) => {
      await writeFile(join(cwd, 'app-config.yaml'), 'a: { $file: secret.txt }');
      assert.deepEqual((await next()).files, [join(cwd, 'app-config.yaml'), join(cwd, 'secret.txt')]);
      await writeFile(join(cwd, 'secret.txt'), 'second');
      assert.equal((await next()).outcome, 'applied');
      assert.equal(config.getString('a'), 'second');
    });
  });

  it('notices a missing include that appears, in a directory that did not exist', async () => {
    await scene({ 'app-config.yaml': 'a: 1' }, async ({ cwd, config, next }) => {
      await writeFile(join(cwd, 'app-config.yaml'), 'a: { $file: parts/deep/secret.txt }');
      assert.deepEqual(codes(await next()), ['config/file-missing']);
      await mkdir(join(cwd, 'parts', 'deep'), { recursive: true });
      // Time to see the directory before there is a file in it; either order must do.
      await delay(100);
      await writeFile(join(cwd, 'parts', 'deep', 'secret.txt'), 'found');
      const change = await next();
      assert.equal(change.outcome, 'applied');
      assert.equal(config.getString('a'), 'found');
    });
  });

  it('notices a local file that appears and disappears', async () => {
    await scene({ 'app-config.yaml': 'a: 1' }, async ({ cwd, config, next }) => {
      await writeFile(join(cwd, 'app-config.local.yaml'), 'a: 2');
      await next();
      assert.equal(config.getNumber('a'), 2);
      await unlink(join(cwd, 'app-config.local.yaml'));
      await next();
      assert.equal(config.getNumber('a'), 1);
    });
  });

  it('does not fall back to nothing when the main file disappears', async () => {
    await scene({ 'app-config.yaml': 'a: 1' }, async ({ cwd, config, next }) => {
      await unlink(join(cwd, 'app-config.yaml'));
      const change = await next();
      assert.equal(change.outcome, 'rejected');
      assert.deepEqual(codes(change), ['config/file-missing']);
      assert.equal(config.getNumber('a'), 1);
    });
  });

  it('reports files that changed without changing a value, and no others', async () => {
    await scene({ 'app-config.yaml': 'a: 1' }, async ({ cwd, config, next, waiting }) => {
      let told = 0;
      config.subscribe(() => {
        told += 1;
      });
      await writeFile(join(cwd, 'unrelated.yaml'), 'a: 2');
      await writeFile(join(cwd, 'app-config.yaml'), '# comment\na: 1');
      assert.equal((await next()).outcome, 'unchanged');
      assert.equal(told, 0);
      assert.equal(waiting.length, 0);
    });
  });

  it('follows the link that Kubernetes swaps', async () => {
    const cwd = await mkdtemp(join(tmpdir(), 'config-'));
    try {
      for (const [version, text] of Object.entries({ one: 'a: 1', two: 'a: 2' })) {
        await mkdir(join(cwd, version));
        await writeFile(join(cwd, version, 'app-config.yaml'), text);
      }
      await symlink('one', join(cwd, '..data'));
      await symlink('..data/app-config.yaml', join(cwd, 'app-config.yaml'));
      const loaded = await loadConfig({ cwd, env: {} });
      const { promise, resolve } = Promise.withResolvers<ConfigChange>();
      await using open = new AsyncDisposableStack();
      open.use(watchConfig(loaded, { onChange: resolve, debounceMs: 10 }));
      await symlink('two', join(cwd, '..data_tmp'));
      await rename(join(cwd, '..data_tmp'), join(cwd, '..data'));
      const timer = setTimeout(() => resolve({ outcome: 'unwatched', diagnostics: [], files: [] }), 20_000);
      assert.equal((await promise).outcome, 'applied');
      clearTimeout(timer);
      assert.equal(loaded.config.getNumber('a'), 2);
    } finally {
      await rm(cwd, { recursive: true });
    }
  });

  it('says so when a subscriber fails, and goes on', async () => {
    await scene({ 'app-config.yaml': 'a: 1' }, async ({ cwd, config, next }) => {
      const leave = config.subscribe(() => {
        throw new Error('no port free');
      });
      await writeFile(join(cwd, 'app-config.yaml'), 'a: 2');
      const change = await next();
      assert.equal(change.outcome, 'applied');
      assert.deepEqual(codes(change), ['config/subscriber-failed']);
      assert.match(change.diagnostics[0]?.summary ?? '', /no port free/);
      leave();
      await writeFile(join(cwd, 'app-config.yaml'), 'a: 3');
      assert.deepEqual(codes(await next()), []);
    });
  });

  it('finds what changed between the load and the watch', async () => {
    const cwd = await mkdtemp(join(tmpdir(), 'config-'));
    try {
      await writeFile(join(cwd, 'app-config.yaml'), 'a: 1');
      const loaded = await loadConfig({ cwd, env: {} });
      await writeFile(join(cwd, 'app-config.yaml'), 'a: 22');
      const { promise, resolve } = Promise.withResolvers<ConfigChange>();
      await using open = new AsyncDisposableStack();
      open.use(watchConfig(loaded, { onChange: resolve, debounceMs: 10 }));
      const timer = setTimeout(() => resolve({ outcome: 'unwatched', diagnostics: [], files: [] }), 20_000);
      assert.equal((await promise).outcome, 'applied');
      clearTimeout(timer);
      assert.equal(loaded.config.getNumber('a'), 22);
    } finally {
      await rm(cwd, { recursive: true });
    }
  });
});
