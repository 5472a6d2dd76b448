import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { createSigner, createTools, sealVerdict, type ImageAt, type Verdict } from '@callboard/images';
import { ask, folderOf } from '../callboard.fixture.ts';
import { startLoopbackRegistry, writeTrivy } from './images.fixture.ts';

const FOUND = [
  { id: 'CVE-2026-1', severity: 'CRITICAL', name: 'openssl', installed: '1.1.1k-1', fixed: '1.1.1n-1' },
  { id: 'CVE-2026-2', severity: 'HIGH', name: 'openssl', installed: '1.1.1k-1', fixed: '1.1.1m-1' },
  { id: 'CVE-2026-3', severity: 'HIGH', name: 'zlib1g', installed: '1.2.11-2' },
];
const PLATFORM = ['--platform', 'linux/amd64'];

describe('callboard images scan', () => {
  it('says what was found, what could be fixed, and keeps what the scanner said', async () => {
    await using folder = await folderOf();
    await using registry = await startLoopbackRegistry();
    const { digest } = registry.add({}, '11');
    await writeTrivy(folder.path, FOUND);
    const image = `${registry.host}/golden/debian:11`;
    const at = (...more: string[]) =>
      ask(['images', 'scan', image, '--scanner', './trivy', ...PLATFORM, ...more], { cwd: folder.path });
    const plain = await at();
    assert.equal(plain.code, 0, plain.err);
    assert.match(plain.err, /^scan +\d+\.\d s {2}trivy 0\.66\.0: 3 findings, 2 fixable\n$/);
    const lines = plain.out.split('\n');
    assert.equal(lines[0], `${image}@${digest}`);
    assert.deepEqual(lines.slice(3, 7), [
      'SEVERITY  FIXABLE  NO FIX YET  OTHER SOFTWARE',
      'critical        1           0               0',
      'high            1           1               0',
      'total           2           1               0',
    ]);
    assert.deepEqual(lines.slice(8, 11), [
      'PACKAGE  INSTALLED  FIXED IN  FINDINGS',
      'openssl  1.1.1k-1   1.1.1n-1  1 critical, 1 high',
      '',
    ]);
    const kept = JSON.parse(await readFile(join(folder.path, 'callboard-patch/scan.json'), 'utf8'));
    assert.equal(kept.SchemaVersion, 2);

    const json = await at('--json', '--quiet', '--record', 'other');
    assert.equal(json.err, '');
    const { counts, findings, scanner } = JSON.parse(json.out);
    assert.deepEqual(counts[1], { severity: 'high', fixable: 1, withoutFix: 1, other: 0 });
    assert.deepEqual(
      findings.map(({ fixable }: { fixable: boolean }) => fixable),
      [true, true, false],
    );
    assert.equal(scanner.name, 'trivy');
  });

  it('fails on request when what is bad enough could be fixed', async () => {
    await using folder = await folderOf();
    await using registry = await startLoopbackRegistry();
    registry.add({}, '11');
    await writeTrivy(folder.path, FOUND.slice(1));
    const at = (severity: string) =>
      ask(
        [
          'images',
          'scan',
          `${registry.host}/golden/debian:11`,
          '--scanner',
          './trivy',
          ...PLATFORM,
          '--fail-on',
          severity,
        ],
        { cwd: folder.path },
      );
    const [critical, high, low] = [await at('critical'), await at('high'), await at('low')];
    assert.deepEqual([critical.code, high.code, low.code], [0, 1, 1]);
    assert.match(high.err, /severity high or worse/);
  });

  it('says in one line why an image or a scanner cannot be had', async () => {
    await using folder = await folderOf();
    const registry = await startLoopbackRegistry();
    const { host } = registry;
    registry.add({}, '11');
    const at = (image: string) => ask(['images', 'scan', image, ...PLATFORM], { cwd: folder.path });
    const [missing, other] = [await at(`${host}/golden/debian:12`), await at(`${host}/else:1`)];
    await registry[Symbol.asyncDispose]();
    assert.match(missing.err, /^callboard images scan: .*12.*\(images\/registry-not-found\)\n$/);
    assert.match(other.err, /\(images\/registry-not-found\)\n$/);
    assert.deepEqual([missing.code, other.code, missing.out], [1, 1, '']);
  });

  it('leaves the record as it was when there is no scanner', async () => {
    await using folder = await folderOf({ 'callboard-patch/verdict.json': '{}' });
    await using registry = await startLoopbackRegistry();
    registry.add({}, '11');
    const image = `${registry.host}/golden/debian:11`;
    const { code, err } = await ask(['images', 'scan', image, ...PLATFORM, '--scanner', './trivy'], {
      cwd: folder.path,
    });
    assert.equal(code, 1);
    assert.match(err, /^scan .* failed\ncallboard images scan: .*\(images\/scanner-missing\)\n$/);
    assert.equal(await readFile(join(folder.path, 'callboard-patch/verdict.json'), 'utf8'), '{}');
  });
});

describe('callboard images, called wrongly', () => {
  it('exits with 2 and one line, before anything is asked', async () => {
    await using folder = await folderOf({ 'a/x.list': '', 'b/x.list': '' });
    const image = '127.0.0.1:9/a/b:1';
    const cases: readonly (readonly [string[], RegExp])[] = [
      [['scan'], /: It takes one image\. See /],
      [['scan', image, image], /: It takes one image\. See /],
      [['scan', 'Upper Case'], /: "Upper Case" is no image reference: /],
      [['scan', image, '--fail-on', 'bad'], /: --fail-on knows critical, high, /],
      [['scan', image, '--scanner', 'clair'], /: --scanner is trivy or grype, /],
      [['scan', image, '--platform', 'amd64'], /: --platform is written as linux\/amd64\. /],
      [['scan', image, '--record', ''], /: --record takes a folder\. /],
      [['plan', image, '--severity', 'high,worse'], /: --severity knows critical, /],
      [['plan', image, '--engine', 'kaniko'], /: --engine is one of node, buildah, docker\. /],
      [['plan', image, '--approve', ' '], /: --approve takes the reason, as text\. /],
      [['plan', image, '--after-end-of-life', 'wait'], /: --after-end-of-life is defer or patch\. /],
      [['plan', image, '--mirror', 'none.list'], /: --mirror: none\.list does not exist\. /],
      [
        ['plan', image, '--mirror', 'a/x.list', '--mirror', 'b/x.list'],
        /: --mirror names two files x\.list\. /,
      ],
      [['plan', image, '--report', 'none.json'], /: --report: none\.json does not exist\. /],
      [['patch', image, '--bogus'], /: Unknown option '--bogus'\. /],
      [
        ['patch', `127.0.0.1:9/a/b@sha256:${'0'.repeat(64)}`, '--promote'],
        /: --promote needs an image with a tag\. /,
      ],
      [['patch', image, '--key', 'none.pem'], /: --key: none\.pem does not exist\. /],
      [['prove', image], /: It takes the base and the patched image\. /],
      [['promote', `127.0.0.1:9/a/b@sha256:${'0'.repeat(64)}`], /: It takes an image with the tag /],
      [['rollback'], /: It takes one image\. /],
      [['import'], /: It takes files, or - for standard input\. /],
      [['status', 'now'], /: It takes no argument 'now'\. /],
    ];
    for (const [args, expected] of cases) {
      const { code, out, err } = await ask(['images', ...args], { cwd: folder.path });
      assert.deepEqual([code, out], [2, ''], `${args.join(' ')}: ${err}`);
      assert.match(err, expected);
      assert.equal(err.split('\n').length, 2, 'one line');
    }
  });

  it('tells a bad key, a broken report and a missing engine by their codes', async () => {
    await using folder = await folderOf({ 'bad.pem': 'secret', 'bad.json': '{"SchemaVersion"' });
    await using registry = await startLoopbackRegistry();
    registry.add({}, '11');
    const image = `${registry.host}/golden/debian:11`;
    const key = await ask(['images', 'patch', image, '--key', 'bad.pem'], { cwd: folder.path });
    assert.match(key.err, /\(images\/bad-signing-key\)\n$/);
    assert.doesNotMatch(key.err, /secret/);
    const engine = await unusableEngine();
    if (engine === null) return;
    const none = await ask(['images', 'plan', image, ...PLATFORM, '--engine', engine, '--json'], {
      cwd: folder.path,
    });
    assert.equal(none.code, 1);
    assert.equal(JSON.parse(none.out).error.code, 'images/no-engine');
  });
});

/** One that this machine cannot use; null when it can use all. */
async function unusableEngine(): Promise<string | null> {
  for (const engine of ['node', 'buildah', 'docker']) {
    const settings = {
      registries: [],
      scanner: { kind: 'trivy' as const, program: 'trivy', cacheDir: null },
      engine,
      planner: { afterEndOfLife: 'defer' as const, model: null, asks: 'residue' as const },
    };
    const tools = createTools({ settings, env: {}, fetch, now: Date.now, random: Math.random });
    const usable = await tools.engine().then(
      () => true,
      () => false,
    );
    if (!usable) return engine;
  }
  return null;
}

/** All that a verdict has to have. */
const CHECKS = [
  'image.lineage',
  'image.config',
  'scan.same-scanner',
  'scan.sees-packages',
  'scan.knows-findings',
  'scan.fixed',
  'scan.nothing-new',
  'packages.done',
  'packages.planned',
  'packages.no-downgrade',
  'packages.no-removal',
  'packages.architecture',
  'packages.marks',
  'packages.distro',
  'files.hashes',
  'files.explained',
  'files.privileges',
  'files.users',
  'files.jobs',
  'files.loader',
  'files.certificates',
  'files.sources',
  'smoke',
  'size',
] as const;

function goodVerdict(base: ImageAt, image: ImageAt): Verdict {
  return {
    proved: true,
    image,
    base,
    planHash: 'a'.repeat(64),
    checks: CHECKS.map((id) => ({ id, ok: true, detail: '' })),
    findings: { before: [], after: [] },
    scanner: null,
    grown: 1,
    judgedAt: 0,
  };
}

function newKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

describe('callboard images promote and rollback', () => {
  it('move a tag by a sealed verdict, and back, twice with the same result', async () => {
    await using folder = await folderOf({ 'key.pem': newKey() });
    await using registry = await startLoopbackRegistry();
    const [base, patched] = [registry.add({}, '11'), registry.add({ patched: 'yes' }, null)];
    const verdict = goodVerdict(base, patched);
    const signer = createSigner(await readFile(join(folder.path, 'key.pem'), 'utf8'));
    const files = { 'verdict.json': verdict, 'seal.json': sealVerdict(verdict, signer) };
    await using record = await folderOf(
      Object.fromEntries(Object.entries(files).map(([name, value]) => [name, JSON.stringify(value)])),
    );
    const image = `${registry.host}/golden/debian:11`;
    const at = (...args: string[]) => ask(['images', ...args, '--record', record.path], { cwd: folder.path });
    for (const _ of [1, 2]) {
      const promoted = await at('promote', image, '--key', 'key.pem');
      assert.equal(promoted.code, 0, promoted.err);
      assert.match(promoted.err, /^seal .*\npromote .* 11 is sha256:/);
      assert.ok(promoted.out.startsWith(`${image} is ${patched.digest}\n  it was ${base.digest}, `));
      assert.deepEqual(registry.manifests.get('11'), registry.manifests.get(patched.digest));
    }
    for (const _ of [1, 2]) {
      const back = await at('rollback', image, '--json', '--quiet');
      assert.deepEqual([back.code, back.err], [0, '']);
      assert.deepEqual(JSON.parse(back.out), { image, from: patched.digest, to: base.digest });
      assert.deepEqual(registry.manifests.get('11'), registry.manifests.get(base.digest));
    }
    const other = await at('rollback', `${registry.host}/golden/debian:12`);
    assert.match(other.err, /\(images\/record-mismatch\)\n$/);
  });

  it('refuse a seal of another key, a verdict of another image, and a record without either', async () => {
    await using folder = await folderOf({ 'key.pem': newKey() });
    await using registry = await startLoopbackRegistry();
    const [base, patched] = [registry.add({}, '11'), registry.add({ patched: 'yes' }, null)];
    const verdict = goodVerdict(base, patched);
    const image = `${registry.host}/golden/debian:11`;
    const at = (...args: string[]) =>
      ask(['images', ...args, '--key', 'key.pem', '--record', '.'], { cwd: folder.path });
    const put = (file: string, value: unknown) => writeFile(join(folder.path, file), JSON.stringify(value));
    assert.match((await at('promote', image)).err, /\(images\/record-missing\)\n$/);
    await put('verdict.json', verdict);
    await put('seal.json', sealVerdict(verdict, createSigner(newKey())));
    assert.match((await at('promote', image)).err, /\(images\/proof-not-genuine\)\n$/);
    const unproved = { ...verdict, checks: verdict.checks.map((check) => ({ ...check, ok: false })) };
    const signer = createSigner(await readFile(join(folder.path, 'key.pem'), 'utf8'));
    await put('seal.json', sealVerdict(unproved, signer));
    assert.match(
      (await at('promote', image)).err,
      /does not prove anything.*\(images\/proof-not-genuine\)\n$/,
    );
    await put('seal.json', []);
    assert.match((await at('promote', image)).err, /\(images\/record-unusable\)\n$/);
    const elsewhere = await at('promote', `${registry.host}/golden/other:11`);
    assert.match(elsewhere.err, /\(images\/record-mismatch\)\n$/);
    const untagged = await at('promote', `${registry.host}/golden/debian`);
    assert.match(untagged.err, /debian:latest.*\(images\/golden-tag-missing\)\n$/);
    const rollback = await ask(['images', 'rollback', image, '--record', '.'], { cwd: folder.path });
    assert.match(rollback.err, /\(images\/record-missing\)\n$/);
    assert.deepEqual(registry.manifests.get('11'), registry.manifests.get(base.digest));
  });
});
