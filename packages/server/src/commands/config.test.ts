import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ask, folderOf } from './callboard.fixture.ts';

describe('callboard config print', () => {
  it('puts files and variables together and hides secrets', async () => {
    await using folder = await folderOf({
      'app-config.yaml':
        'app: { title: One }\nintegrations: { github: [{ host: github.com, token: "${TOKEN}" }] }\n',
      'two.yaml': 'app: { title: Two }\n',
    });
    const env = { TOKEN: 'very-secret', APP_CONFIG_organization_name: 'Harbourline' };
    const at = (...args: string[]) => ask(['config', 'print', ...args], { cwd: folder.path, env });
    const yaml = await at('--config', 'app-config.yaml', '--config', 'two.yaml');
    assert.deepEqual([yaml.code, yaml.err], [0, '']);
    for (const line of ['  title: Two', '      token: <secret>', '  name: Harbourline']) {
      assert.ok(yaml.out.split('\n').includes(line), yaml.out);
    }
    const shown = await at('--show-secrets', '--json');
    assert.equal(JSON.parse(shown.out).integrations.github[0].token, 'very-secret');
    const frontend = await at('--frontend', '--json');
    assert.deepEqual(JSON.parse(frontend.out), {
      app: { title: 'One' },
      integrations: { github: [{ host: 'github.com' }] },
      organization: { name: 'Harbourline' },
    });
  });

  it('prints what could be read beside what is wrong, and fails', async () => {
    await using folder = await folderOf({ 'a.yaml': 'app: { title: A }\n', 'b.yaml': 'app: [\n' });
    const { code, out, err } = await ask(['config', 'print', '--config', 'a.yaml', '--config', 'b.yaml'], {
      cwd: folder.path,
    });
    assert.equal(code, 1);
    assert.match(out, /title: A/);
    assert.match(err, /^b\.yaml:\d+:\d+ error config\/yaml-syntax: /);
  });
});

describe('callboard config check', () => {
  it('says where a value is wrong', async () => {
    await using folder = await folderOf({
      'app-config.yaml': 'backend:\n  listen:\n    port: 99999\n  logger:\n    level: loud\n',
    });
    const { code, out } = await ask(['config', 'check'], { cwd: folder.path });
    assert.equal(code, 1);
    assert.match(out, /^app-config\.yaml:5:5 error config\/schema-violation: /m);
    assert.match(out, /^app-config\.yaml:2:3 error kernel\/listen: /m);
    assert.match(out, /\n1 file read \(app-config\.yaml\): 2 errors\n$/);
  });

  it('fails for warnings when it is strict', async () => {
    await using folder = await folderOf({ 'app-config.yaml': 'app: { title: "${NAME}" }\n' });
    const [lenient, strict, json] = await Promise.all([
      ask(['config', 'check'], { cwd: folder.path }),
      ask(['config', 'check', '--strict'], { cwd: folder.path }),
      ask(['config', 'check', '--json'], { cwd: folder.path }),
    ]);
    assert.match(lenient.out, /^app-config\.yaml:1:8 warning config\/variable-unset: /);
    assert.deepEqual([lenient.code, strict.code], [0, 1]);
    const { files, errors, warnings, diagnostics } = JSON.parse(json.out);
    assert.deepEqual([files, errors, warnings], [[join(folder.path, 'app-config.yaml')], 0, 1]);
    assert.equal(diagnostics[0].file, files[0]);
  });

  it('does not read a URL, and says so', async () => {
    await using folder = await folderOf();
    const { code, out } = await ask(['config', 'check', '--config', 'https://example.com/a.yaml'], {
      cwd: folder.path,
    });
    assert.equal(code, 1);
    assert.match(out, /error config\/remote-unsupported: .*https:\/\/example\.com/);
  });
});
