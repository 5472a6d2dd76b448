import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { pack } from 'tar-stream';
import type { BuildEngine } from '../build/engine.ts';
import type { Digest, Image, ImageAt } from '../image/image.ts';
import { memoryRegistry } from '../promote/registry.fixture.ts';
import { digest, image, md5, NEW, OLD, PLAN, POLICY } from './evidence.fixture.ts';
import { prove, type ProveDeps, type ProveRequest } from './prove.ts';
import type { ImageScanner } from './scan.ts';
import { scriptedSession, type ScriptedSession } from './session.fixture.ts';

type Files = Readonly<Record<string, string>>;
const INFO = 'var/lib/dpkg/info';
const TAR = 'application/vnd.oci.image.layer.v1.tar';

/** The files of openssl and its library in a version, and what dpkg says of them. */
function filesOf(version: string, content = version): Files {
  const stanza = (name: string): string =>
    `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nSource: openssl\nVersion: ${version}\n`;
  const sums = (name: string, path: string): Files => ({
    [path]: `${name} ${content}`,
    [`${INFO}/${name}.list`]: `/${path}\n`,
    [`${INFO}/${name}.md5sums`]: `${md5(`${name} ${content}`)}  ${path}\n`,
  });
  return {
    'etc/os-release': 'ID=debian\nVERSION_ID="11"\nVERSION_CODENAME=bullseye\n',
    'var/lib/dpkg/status': `${stanza('libssl1.1')}\n${stanza('openssl')}`,
    ...sums('libssl1.1', 'usr/lib/libssl.so.1.1'),
    ...sums('openssl', 'usr/bin/openssl'),
  };
}

async function tarOf(files: Files): Promise<Buffer> {
  const tar = pack();
  for (const [name, text] of Object.entries(files)) tar.entry({ name, mode: 0o644 }, Buffer.from(text));
  tar.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of tar) if (chunk instanceof Uint8Array) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function folderOf(root: string, files: Files): Promise<string> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
  return root;
}

function plain(of: Image): Image {
  const layers = of.manifest.layers.map((layer) => ({ ...layer, mediaType: TAR }));
  return { ...of, manifest: { ...of.manifest, layers } };
}

/** Finds the planned CVE in the old version, and lists what is there. */
function scannerOf(versions: ReadonlyMap<Digest, string>): ImageScanner {
  return {
    name: 'trivy',
    scan(at: ImageAt) {
      const version = versions.get(at.digest) ?? '';
      const names = ['libssl1.1', 'openssl'];
      const vulnerability = {
        VulnerabilityID: 'CVE-2024-0001',
        PkgName: 'openssl',
        InstalledVersion: OLD,
        FixedVersion: NEW,
        Status: 'fixed',
        Severity: 'HIGH',
      };
      const report = {
        SchemaVersion: 2,
        ArtifactName: `x@${at.digest}`,
        ArtifactType: 'container_image',
        Metadata: { OS: { Family: 'debian', Name: '11.11' }, RepoDigests: [`x@${at.digest}`] },
        Results: [
          {
            Target: 'x',
            Class: 'os-pkgs',
            Type: 'debian',
            Packages: names.map((name) => ({ ID: name, Name: name, Version: version, SrcName: 'openssl' })),
            Vulnerabilities: version === OLD ? [vulnerability] : [],
          },
        ],
      };
      return Promise.resolve({
        scanner: 'trivy' as const,
        scannerVersion: '1',
        databaseVersion: '2',
        digest: at.digest,
        distro: 'debian 11.11',
        report: Buffer.from(JSON.stringify(report)),
        packages: names.map((name) => ({ name, version })),
      });
    },
  };
}

/** An image and its patch in a registry, and an engine that has their files in folders. */
async function patched(after: Files) {
  const folder = await mkdtemp(join(tmpdir(), 'callboard-prove-'));
  const [base, next] = [plain(image('b', ['1'])), plain(image('d', ['1', '2']))];
  const client = memoryRegistry();
  client.image = ({ reference }) => Promise.resolve(reference === base.digest ? base : next);
  client.blobs.set(digest('1'), await tarOf(filesOf(OLD)));
  client.blobs.set(digest('2'), await tarOf(after));
  const roots = new Map<Digest, string>([
    [base.digest, await folderOf(join(folder, 'b'), filesOf(OLD))],
    [next.digest, await folderOf(join(folder, 'd'), { ...filesOf(OLD), ...after })],
  ]);
  const opened: ScriptedSession[] = [];
  const closed: string[] = [];
  const engine: BuildEngine = {
    name: 'folders',
    unavailable: () => Promise.resolve(null),
    open(at) {
      const root = roots.get(at.digest) ?? '';
      const session = {
        ...scriptedSession({}, root),
        [Symbol.asyncDispose]: async () => void closed.push(root),
      };
      opened.push(session);
      return Promise.resolve(session);
    },
  };
  const scanner = scannerOf(
    new Map([
      [base.digest, OLD],
      [next.digest, NEW],
    ]),
  );
  const deps: ProveDeps = { client, scanner, engine, now: () => 1 };
  const request: ProveRequest = {
    base,
    patched: next,
    platform: PLAN.facts.platform,
    plan: PLAN,
    scanBefore: null,
    policy: POLICY,
    packageEvidence: 'database',
    mirror: { files: {}, aptOptions: [] },
    smokeTests: [],
    limits: { unpackedBytes: 1e6, layerBytes: 1e6, entries: 100 },
    log: () => {},
    signal: new AbortController().signal,
  };
  const remove = () => rm(folder, { recursive: true });
  return { deps, request, client, opened, closed, [Symbol.asyncDispose]: remove };
}

function failures(checks: readonly { id: string; ok: boolean; detail: string }[]): readonly string[] {
  return checks.filter(({ ok }) => !ok).map(({ id }) => id);
}

describe('prove', () => {
  it('proves a good patch, with the sessions closed and the programs of the image run last', async () => {
    await using given = await patched(filesOf(NEW));
    const { verdict, proof } = await prove(given.deps, given.request);
    assert.deepEqual(
      verdict.checks.filter(({ ok }) => !ok),
      [],
    );
    assert.equal(proof?.verdict, verdict);
    assert.equal(verdict.image.digest, digest('d'));
    assert.deepEqual([verdict.findings.before.length, verdict.findings.after.length], [1, 0]);
    assert.equal(verdict.grown, 1_000);
    assert.equal(given.closed.length, 2);
    assert.ok(given.opened.every(({ asked }) => !asked.some(({ argv }) => argv.includes('download'))));
  });

  it('does not prove an image whose package database alone was edited', async () => {
    const { 'var/lib/dpkg/status': status = '' } = filesOf(NEW);
    await using given = await patched({ 'var/lib/dpkg/status': status });
    const { verdict, proof } = await prove(given.deps, given.request);
    assert.equal(proof, null);
    assert.deepEqual(failures(verdict.checks), ['files.hashes']);
    assert.deepEqual(verdict.findings.after, []);
  });

  it('does not prove an image whose files are not those of the sums', async () => {
    await using given = await patched({ ...filesOf(NEW), 'usr/bin/openssl': 'something else' });
    assert.deepEqual(failures((await prove(given.deps, given.request)).verdict.checks), ['files.hashes']);
  });

  it('takes a scan that was kept only when it is of the base', async () => {
    await using given = await patched(filesOf(NEW));
    const kept = await given.deps.scanner.scan(given.request.patched, { signal: given.request.signal });
    assert.notEqual((await prove(given.deps, { ...given.request, scanBefore: kept })).proof, null);
  });

  it('gives the packages and findings that it judged by, each image scanned once', async () => {
    await using given = await patched(filesOf(NEW));
    const scanned: Digest[] = [];
    const scanner: ImageScanner = {
      name: 'trivy',
      scan(at, options) {
        scanned.push(at.digest);
        return given.deps.scanner.scan(at, options);
      },
    };
    const { evidence } = await prove({ ...given.deps, scanner }, given.request);
    assert.deepEqual(scanned, [digest('b'), digest('d')]);
    const { inventories, findings } = evidence;
    assert.deepEqual(
      [inventories?.before, inventories?.after].map((one) => one?.packages.map(({ version }) => version)),
      [
        [OLD, OLD],
        [NEW, NEW],
      ],
    );
    assert.deepEqual(
      findings?.before.map(({ vulnerability }) => vulnerability),
      ['CVE-2024-0001'],
    );
    assert.deepEqual(findings?.after, []);
  });

  it('has a verdict that is not proved when the engine, the scanner or a layer fails', async () => {
    await using given = await patched(filesOf(NEW));
    const down = () => Promise.reject(new Error('it is down'));
    const { deps, request, client } = given;
    const noEngine = await prove({ ...deps, engine: { ...deps.engine, open: down } }, request);
    assert.equal(noEngine.proof, null);
    assert.equal(noEngine.evidence.inventories, null);
    assert.equal(noEngine.evidence.findings?.before.length, 1);
    assert.ok(failures(noEngine.verdict.checks).includes('smoke'));
    const noScanner = await prove({ ...deps, scanner: { name: 'trivy', scan: down } }, request);
    assert.equal(noScanner.verdict.scanner, null);
    assert.equal(noScanner.evidence.findings, null);
    assert.ok(failures(noScanner.verdict.checks).includes('scan.fixed'));
    client.blobs.delete(digest('2'));
    const noLayer = await prove(deps, request);
    assert.ok(failures(noLayer.verdict.checks).includes('files.explained'));
    assert.equal(noLayer.proof, null);
  });

  for (const report of [
    '{"SchemaVersion":2,"ArtifactType":"container_image","Results":"none"}',
    '{"SchemaVersion":2,"ArtifactType":"container_image"}',
    '{"SchemaVersion":2,"ArtifactType":"container_image","Results":[{"Vulnerabilities":{}}]}',
    '{"matches":[]}',
    'nothing',
  ]) {
    it(`does not take ${report} for a report without findings`, async () => {
      await using given = await patched(filesOf(NEW));
      const scanner: ImageScanner = {
        name: 'trivy',
        scan: async (at, options) => ({
          ...(await given.deps.scanner.scan(at, options)),
          report: Buffer.from(report),
        }),
      };
      const { verdict } = await prove({ ...given.deps, scanner }, given.request);
      assert.ok(failures(verdict.checks).includes('scan.fixed'));
    });
  }

  it('stops when it is told to', async () => {
    await using given = await patched(filesOf(NEW));
    const signal = AbortSignal.abort(new Error('enough'));
    await assert.rejects(prove(given.deps, { ...given.request, signal }), /enough/);
  });
});
