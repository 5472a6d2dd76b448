import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { loadConfig } from '@callboard/kernel';
import { readConfigInfo } from './config-info.ts';

describe('readConfigInfo', () => {
  it('names every file and variable that a key is put together from', async () => {
    const cwd = await mkdtemp(join(tmpdir(), 'callboard-devtools-'));
    try {
      await writeFile(
        join(cwd, 'app-config.yaml'),
        'app: { title: A, empty: {} }\nb: [1, { token: abcdef }]\nc: 1\n',
      );
      await writeFile(join(cwd, 'local.yaml'), 'app: { baseUrl: http://a }\nc: null\n');
      const loaded = await loadConfig({
        files: ['app-config.yaml', 'local.yaml'],
        cwd,
        env: { APP_CONFIG_app_port: '1' },
        defaults: { d: true },
      });
      assert.deepEqual(readConfigInfo(loaded, cwd), {
        config: {
          app: { title: 'A', empty: {}, baseUrl: 'http://a', port: 1 },
          b: [1, { token: '<secret>' }],
          d: true,
        },
        callboard: {
          files: ['app-config.yaml', 'local.yaml'],
          sources: {
            app: ['$APP_CONFIG_app_port', 'app-config.yaml', 'local.yaml'],
            b: ['app-config.yaml'],
            d: ['defaults'],
          },
        },
      });
      const elsewhere = readConfigInfo(loaded, join(cwd, 'sub'));
      assert.deepEqual(elsewhere.callboard.sources['b'], [join(cwd, 'app-config.yaml')]);
    } finally {
      await rm(cwd, { recursive: true });
    }
  });
});
