/** `import` and `status`, which work with the database of the portal. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ask, folderOf } from '../callboard.fixture.ts';

const BIN = fileURLToPath(new URL('../../../bin/callboard.mjs', import.meta.url));
const CONFIG = `backend: { database: { connection: ./store/portal.sqlite } }
images: { golden: [{ name: debian-11, image: '127.0.0.1:9/golden/debian:11' }] }
`;
const DIGEST = `sha256:${'1'.repeat(64)}`;

function report(...vulnerabilities: readonly Record<string, unknown>[]): string {
  const image = `127.0.0.1:9/golden/debian@${DIGEST}`;
  const result = { Target: 'debian', Class: 'os-pkgs', Type: 'debian', Vulnerabilities: vulnerabilities };
  return JSON.stringify({
    SchemaVersion: 2,
    ArtifactName: image,
    ArtifactType: 'container_image',
    Metadata: { OS: { Family: 'debian', Name: '11.0' }, RepoDigests: [image] },
    Results: [result],
  });
}

const GOOD = {
  VulnerabilityID: 'CVE-2026-1',
  PkgName: 'openssl',
  InstalledVersion: '1.1.1k-1',
  FixedVersion: '1.1.1n-1',
  Severity: 'HIGH',
};

describe('callboard images import and status', () => {
  it('take a report in once, and tell what is open', async () => {
    await using folder = await folderOf({ 'app-config.yaml': CONFIG, 'a.json': report(GOOD) });
    const at = (...args: string[]) => ask(['images', ...args], { cwd: folder.path });
    const first = await at('import', 'a.json');
    assert.deepEqual([first.code, first.err], [0, '']);
    assert.equal(
      first.out,
      'a.json: trivy, 1 finding: 1 added, 0 changed, 0 same, 0 stale\n1 report: no problems\n',
    );
    const { reports, errors } = JSON.parse((await at('import', 'a.json', '--json')).out);
    assert.equal(errors, 0);
    assert.equal(reports[0].taken.outcome.added, 0);

    const status = await at('status');
    assert.equal(status.code, 0, status.err);
    assert.match(status.out, /^debian-11 +127\.0\.0\.1:9\/golden\/debian:11 .*not read yet$/m);
    assert.match(status.out, /^Open findings: 1 \(1 high\)$/m);
    const json = JSON.parse((await at('status', '--json')).out);
    assert.deepEqual(Object.keys(json), ['goldens', 'findings', 'patches', 'figures', 'troubles']);
  });

  it('take what is good of several files, and say of the others what is wrong, and where', async () => {
    await using folder = await folderOf({
      'app-config.yaml': CONFIG,
      'half.json': report(GOOD, { ...GOOD, VulnerabilityID: 'CVE-2026-2', PkgName: 7 }),
      'cut.json': report(GOOD).slice(0, 40),
      'other.json': '{}',
    });
    const files = ['half.json', 'cut.json', 'other.json', 'none.json'];
    const { code, out } = await ask(['images', 'import', ...files], { cwd: folder.path });
    assert.equal(code, 1);
    assert.match(out, /^half\.json#\S*Vulnerabilities\[1\]\S* error images\/report-finding: /m);
    assert.match(out, /^half\.json: trivy, 1 finding: 1 added, /m);
    assert.match(out, /^cut\.json error images\/report-unreadable: /m);
    assert.match(out, /^other\.json error images\/report-unknown: /m);
    assert.match(out, /^none\.json error images\/report-unreadable: There is no such file\.$/m);
    assert.match(out, /\n4 reports: 4 errors(, \d+ warnings?)?\n$/);
  });

  it('read standard input for -', async () => {
    await using folder = await folderOf({ 'app-config.yaml': CONFIG });
    const child = spawn(process.execPath, [BIN, 'images', 'import', '-'], {
      cwd: folder.path,
      env: { PATH: process.env['PATH'] ?? '' },
    });
    child.stdin.end(report(GOOD));
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
    assert.match(out, /^-: trivy, 1 finding: 1 added, /, err);
  });

  it('say that there is no database, or no golden image in the configuration', async () => {
    await using folder = await folderOf({
      'app-config.yaml': CONFIG,
      'plain.yaml': 'backend: { database: { connection: ./store/portal.sqlite } }\n',
      'a.json': report(GOOD),
    });
    const none = await ask(['images', 'status'], { cwd: folder.path });
    assert.equal(none.code, 1);
    assert.match(none.err, /^callboard images status: There is no database at .*\(server\/no-database\)\n$/);
    assert.equal(existsSync(join(folder.path, 'store')), false);
    const plain = await ask(['images', 'import', 'a.json', '--config', 'plain.yaml'], { cwd: folder.path });
    assert.equal(plain.code, 1);
    assert.match(plain.err, /\(server\/no-images\)\n$/);
  });
});
