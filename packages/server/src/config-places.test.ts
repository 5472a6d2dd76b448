import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { loadConfig } from '@callboard/kernel';
import type { Diagnostic } from '@callboard/model';
import { withPlaces } from './config-places.ts';

const about = (path?: string): Diagnostic => ({
  severity: 'error',
  code: 'room/what',
  summary: 'It is wrong',
  ...(path !== undefined && { path }),
});

describe('withPlaces', () => {
  it('adds the place of the key, or of the nearest key above it', async () => {
    const cwd = await mkdtemp(join(tmpdir(), 'callboard-places-'));
    const file = join(cwd, 'app-config.yaml');
    await writeFile(file, 'backend:\n  listen:\n    port: no\n  hosts:\n    - a\n    - b\n');
    const { config } = await loadConfig({ cwd, env: { APP_CONFIG_backend_extra: 'x' } });
    await rm(cwd, { recursive: true });
    const placeOf = (path: string) => {
      const [found] = withPlaces(config, [about(path)]);
      return found?.file === undefined ? null : [found.file, found.line, found.column];
    };
    assert.deepEqual(placeOf('backend.listen.port'), [file, 3, 5]);
    assert.deepEqual(placeOf('backend.listen.host'), [file, 2, 3]);
    assert.deepEqual(placeOf('backend.hosts[1]'), [file, 6, 7]);
    assert.deepEqual(placeOf('backend.hosts[7].name'), [file, 4, 3]);
    assert.equal(placeOf('catalog.rules'), null);
  });

  it('leaves alone what has a place, and what names no key', async () => {
    const { config } = await loadConfig({ cwd: tmpdir(), env: {} });
    const placed = { ...about('backend'), file: '/a.yaml' };
    assert.deepEqual(withPlaces(config, [placed, about()]), [placed, about()]);
  });
});
