/**
 * Loading as flows: `fixtures/<sentence>/input` is the working directory, with the options in `load.json`;
 * `expected` holds the values, in order, and the diagnostics as printed.
 */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { formatDiagnostic, type Diagnostic } from '@callboard/model';
import { loadConfig } from './load.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures');

async function readOptional(file: string): Promise<string | null> {
  return readFile(file, 'utf8').catch(() => null);
}

function print(diagnostics: readonly Diagnostic[], cwd: string): string {
  const text = diagnostics.map((diagnostic) => `${formatDiagnostic(diagnostic)}\n`).join('');
  return text.replaceAll(`${cwd}/`, '').replaceAll(cwd, '<input>');
}

async function inFolder(test: (cwd: string) => Promise<void>): Promise<void> {
  const cwd = await mkdtemp(join(tmpdir(), 'config-'));
  try {
    await test(cwd);
  } finally {
    await rm(cwd, { recursive: true });
  }
}

function codes(diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics.map(({ code }) => code);
}

describe('loadConfig', () => {
  for (const name of readdirSync(FIXTURES)) {
    it(name.replaceAll('-', ' '), async () => {
      const cwd = join(FIXTURES, name, 'input');
      const expected = join(FIXTURES, name, 'expected');
      const options = JSON.parse((await readOptional(join(cwd, 'load.json'))) ?? '{}');
      const loaded = await loadConfig({ env: {}, ...options, cwd });
      const values = `${JSON.stringify(loaded.config.get(), null, 2)}\n`;
      assert.equal(values, await readFile(join(expected, 'config.json'), 'utf8'));
      const diagnostics = await readFile(join(expected, 'diagnostics.txt'), 'utf8');
      assert.equal(print(loaded.diagnostics, cwd), diagnostics);
    });
  }

  it('lists every file it read, includes too, and stamps those it missed', async () => {
    const cwd = join(FIXTURES, 'env-file-and-include-stand-for-values', 'input');
    const { files, stamps } = await loadConfig({ cwd, env: { TOKEN: 'x', PART: 'b', EXT: 'yaml' } });
    const names = files.map((file) => file.slice(cwd.length + 1));
    assert.deepEqual(names.toSorted(), [
      'app-config.yaml',
      'parts/all.yaml',
      'parts/data.json',
      'parts/deep/here.txt',
      'parts/deep/inner.yml',
      'parts/note.txt',
    ]);
    assert.equal(stamps.get(join(cwd, 'app-config.local.yaml')), 'absent');
  });

  it('leaves no trace in the prototypes of JavaScript', async () => {
    const cwd = join(FIXTURES, 'keys-that-reach-into-javascript-are-dropped', 'input');
    const { config } = await loadConfig({ cwd, env: { APP_CONFIG_x: '{"__proto__":{"polluted":1}}' } });
    assert.deepEqual(config.get('x'), {});
    assert.equal(Reflect.get({}, 'polluted'), undefined);
    assert.equal(Reflect.get(Object, 'polluted'), undefined);
  });

  it('refuses a file of more than 1 MB', async () => {
    await inFolder(async (cwd) => {
      await writeFile(join(cwd, 'fits.txt'), 'x'.repeat(1024 * 1024));
      await writeFile(join(cwd, 'large.txt'), 'x'.repeat(1024 * 1024 + 1));
      const yaml = 'fits: { $file: fits.txt }\nlarge: { $file: large.txt }\n';
      await writeFile(join(cwd, 'app-config.yaml'), yaml);
      const { config, diagnostics } = await loadConfig({ cwd, env: {} });
      assert.equal(config.getString('fits').length, 1024 * 1024);
      assert.equal(config.has('large'), false);
      assert.deepEqual(codes(diagnostics), ['config/file-too-large']);
    });
  });

  it('stops where aliases multiply without end', async () => {
    await inFolder(async (cwd) => {
      const lines = ['l0: &l0 [x, x, x, x, x, x, x, x, x, x]'];
      for (let level = 1; level < 9; level += 1) {
        const items = Array.from({ length: 10 }, () => `*l${level - 1}`);
        lines.push(`l${level}: &l${level} [${items.join(', ')}]`);
      }
      await writeFile(join(cwd, 'app-config.yaml'), lines.join('\n'));
      const { config, diagnostics } = await loadConfig({ cwd, env: {} });
      assert.deepEqual(codes(diagnostics), ['config/too-many-values']);
      assert.equal(config.getStringArray('l0').length, 10);
    });
  });

  it('follows links, as Kubernetes mounts its files', async () => {
    await inFolder(async (cwd) => {
      await writeFile(join(cwd, 'real.yaml'), 'a: 1');
      await symlink('real.yaml', join(cwd, 'app-config.yaml'));
      const { config } = await loadConfig({ cwd, env: {} });
      assert.equal(config.getNumber('a'), 1);
    });
  });
});
