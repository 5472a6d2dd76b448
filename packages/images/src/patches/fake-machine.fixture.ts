/**
 * An engine, a scanner and a proof over labelled images: commands of apt are answered from a mirror that is a map,
 * advisories are a list, and the proof makes the scan that the real one makes and believes in everything else.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BuildEngine, BuildSession } from '../build/engine.ts';
import type { Image, ImageAt } from '../image/image.ts';
import type { RegistryClient } from '../image/registry-client.ts';
import { createFolderView } from '../inventory/folder-view.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { readInventory } from '../inventory/read-inventory.ts';
import { hashPlan } from '../plan/canonical.ts';
import { fixable } from '../prove/checks.ts';
import type { prove } from '../prove/prove.ts';
import { readFindings } from '../prove/read-findings.ts';
import type { ImageScanner, ScanResult } from '../prove/scan.ts';
import { CHECKS, judge, type CheckId } from '../prove/verdict.ts';
import type { Finding } from '../receive/finding.ts';
import type { Command, CommandOutput } from '../script/command.ts';
import { compareVersions } from '../versions/versions.ts';
import { AMD64, installedIn, pushOn, type Installed } from './labelled-image.fixture.ts';
import { trivyReport, type Advisory } from './reports.fixture.ts';

/** What a test bends; a hook that throws, or never resolves, is what fails or hangs. */
export interface FakeMachine {
  /** Name → the newest version that the mirror has. */
  readonly mirror: Map<string, string>;
  /** What the scanner knows. */
  readonly advisories: Advisory[];
  /** Checks that the proof is to fail, with the reason. */
  readonly unproved: Map<CheckId, string>;
  onOpen: (options: { readonly signal: AbortSignal }) => void | Promise<void>;
  onRun: (command: Command) => void | Promise<void>;
  onCommit: () => void | Promise<void>;
  onScan: (image: ImageAt) => void | Promise<void>;
  onProve: () => void | Promise<void>;
  /** Commits and proofs that came to their end, by the digest of the base. */
  readonly commits: string[];
  readonly proofs: string[];
  readonly engine: BuildEngine;
  readonly scanner: ImageScanner;
  readonly prove: typeof prove;
}

export interface FakeMachineOptions {
  readonly client: RegistryClient;
  /** Where sessions have their files. */
  readonly folder: string;
  readonly mirror?: Installed;
  readonly advisories?: readonly Advisory[];
}

export function createFakeMachine({ client, folder, ...options }: FakeMachineOptions): FakeMachine {
  const roots = new Map<string, Promise<string>>();
  const readAt = (at: ImageAt): Promise<Image> => client.image({ ...at, reference: at.digest }, AMD64);
  const rootOf = (installed: Installed): Promise<string> => {
    const key = JSON.stringify(installed);
    const root = roots.get(key) ?? writeRoot(join(folder, String(roots.size)), installed);
    roots.set(key, root);
    return root;
  };
  const scan = async (at: ImageAt): Promise<ScanResult> => {
    await machine.onScan(at);
    const image = await readAt(at);
    const report = trivyReport({ image, installed: installedIn(image), advisories: machine.advisories });
    return {
      scanner: 'trivy',
      scannerVersion: '0.74.0',
      databaseVersion: '2 of today',
      digest: at.digest,
      distro: 'debian 12.1',
      report: Buffer.from(JSON.stringify(report)),
      packages: Object.entries(installedIn(image)).map(([name, version]) => ({ name, version })),
    };
  };
  const openSession = async (image: Image): Promise<BuildSession> => {
    let installed = installedIn(image);
    return {
      root: await rootOf(installed),
      run: async (command) => {
        await machine.onRun(command);
        const { output, after } = answer(command, { installed, mirror: machine.mirror });
        installed = after;
        return output;
      },
      commit: async ({ registry, repository, labels }) => {
        await machine.onCommit();
        const committed = await pushOn(client, image, { at: { registry, repository }, installed, labels });
        machine.commits.push(image.digest);
        return committed;
      },
      [Symbol.asyncDispose]: async () => {},
    };
  };
  const inventoryOf = async (image: Image): Promise<Inventory> => {
    const root = await rootOf(installedIn(image));
    return (await readInventory(createFolderView(root))).inventory;
  };
  const machine: FakeMachine = {
    mirror: new Map(Object.entries(options.mirror ?? {})),
    advisories: [...(options.advisories ?? [])],
    unproved: new Map(),
    onOpen: () => {},
    onRun: () => {},
    onCommit: () => {},
    onScan: () => {},
    onProve: () => {},
    commits: [],
    proofs: [],
    engine: {
      name: 'fake',
      unavailable: async () => null,
      open: async (base, { signal }) => {
        await machine.onOpen({ signal });
        return openSession(await readAt(base));
      },
    },
    scanner: { name: 'trivy', scan: (image) => scan(image) },
    prove: async ({ now }, request) => {
      await machine.onProve();
      const { base, patched, plan } = request;
      const [before, after] = [await readAt(base), await readAt(patched)];
      const inventories = { before: await inventoryOf(before), after: await inventoryOf(after) };
      const failed = new Map<CheckId, string>(machine.unproved);
      const findingsOf = async (at: ImageAt): Promise<readonly Finding[]> => {
        try {
          return readFindings(await scan(at), now());
        } catch (error) {
          failed.set('scan.same-scanner', String(error));
          return [];
        }
      };
      const findings = { before: await findingsOf(base), after: await findingsOf(patched) };
      const planned = new Set(plan.facts.packages.flatMap(({ vulnerabilities }) => vulnerabilities));
      const left = fixable(findings.after).filter(({ vulnerability }) => planned.has(vulnerability));
      if (left.length > 0) failed.set('scan.fixed', 'Something is still there.');
      const judgement = judge({
        image: { registry: after.registry, repository: after.repository, digest: after.digest },
        base: { registry: before.registry, repository: before.repository, digest: before.digest },
        planHash: hashPlan(plan),
        checks: CHECKS.map((id) => ({ id, ok: !failed.has(id), detail: failed.get(id) ?? '' })),
        findings: { before: fixable(findings.before), after: fixable(findings.after) },
        scanner: { name: 'trivy', version: '0.74.0', database: '2 of today' },
        grown: 1,
        judgedAt: now(),
      });
      if (judgement.proof !== null) machine.proofs.push(base.digest);
      return { ...judgement, evidence: { inventories, findings, scanAfter: null } };
    },
  };
  return machine;
}

const SUITE = 'Debian-Security:12/stable-security';

/** What apt prints, as it was recorded, with the packages of this image; everything else succeeds without a word. */
function answer(
  { argv }: Command,
  { installed, mirror }: { readonly installed: Installed; readonly mirror: ReadonlyMap<string, string> },
): { readonly output: CommandOutput; readonly after: Installed } {
  const names = argv.slice(argv.indexOf('--') + 1);
  const say = (stdout: string, after = installed) => ({
    output: { exitCode: 0, stdout, stderr: '', took: 1 },
    after,
  });
  if (argv[0] === 'apt-cache')
    return say(names.map((name) => policyOf(name, { installed, mirror })).join(''));
  if (argv[0] === 'apt-mark') return say('');
  if (argv[0] !== 'apt-get' || !argv.includes('install')) return say('');
  const newer = names.flatMap((name) => {
    const [old, candidate] = [installed[name], mirror.get(name)];
    const isNewer =
      old !== undefined && candidate !== undefined && compareVersions('deb', candidate, old) > 0;
    return isNewer ? [{ name, old, candidate }] : [];
  });
  if (argv.includes('-s')) {
    return say(
      newer.map((one) => `Inst ${one.name} [${one.old}] (${one.candidate} ${SUITE} [amd64])\n`).join(''),
    );
  }
  return say('', { ...installed, ...Object.fromEntries(newer.map((one) => [one.name, one.candidate])) });
}

function policyOf(
  name: string,
  { installed, mirror }: { readonly installed: Installed; readonly mirror: ReadonlyMap<string, string> },
): string {
  const own = installed[name] ?? '(none)';
  return `${name}:\n  Installed: ${own}\n  Candidate: ${mirror.get(name) ?? own}\n  Version table:\n`;
}

async function writeRoot(root: string, installed: Installed): Promise<string> {
  for (const folder of ['etc', 'usr/bin', 'var/lib/dpkg'])
    await mkdir(join(root, folder), { recursive: true });
  await writeFile(join(root, 'etc/os-release'), 'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n');
  await writeFile(join(root, 'usr/bin/apt-get'), '');
  const stanzas = Object.entries(installed).map(
    ([name, version]) =>
      `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: ${version}\n`,
  );
  await writeFile(join(root, 'var/lib/dpkg/status'), stanzas.join('\n'));
  return root;
}

export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string;
}

export async function temporaryFolder(): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), 'callboard-patches-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
