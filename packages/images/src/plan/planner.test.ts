import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { Digest } from '../image/image.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { sampleFinding } from '../receive/finding.fixture.ts';
import type { AffectedPackage, Finding } from '../receive/finding.ts';
import { NO_IMAGE } from '../receive/found-image.ts';
import { compareVersions } from '../versions/versions.ts';
import type { LeftOver } from './assess.ts';
import { gatherFacts, packagesToProbe, type FactsInput } from './facts.ts';
import type { Proposal } from './plan.ts';
import { createPlanner, type Standing } from './planner.ts';
import { proposeUnmanaged } from './unmanaged.ts';

type SaidPackage = Pick<AffectedPackage, 'name' | 'source' | 'kind' | 'version' | 'fixedVersion'>;

/** What a fixture says; the rest of a finding does not matter to a plan. */
interface Fixture {
  readonly now: string;
  readonly findings: readonly {
    readonly vulnerability: string;
    readonly status: Finding['status'];
    readonly packages: readonly SaidPackage[];
  }[];
  readonly inventory: Inventory;
  readonly candidates: Readonly<Record<string, string>>;
  readonly options: { readonly standing?: Standing; readonly afterEndOfLife?: 'defer' | 'patch' };
}

interface Outcome {
  readonly proposal: Proposal;
  readonly leftOver: readonly LeftOver[];
}

const FIXTURES = new URL('fixtures/', import.meta.url);
const DIGEST: Digest = `sha256:${'a'.repeat(64)}`;
const PLATFORM = { os: 'linux', architecture: 'amd64', variant: null };
const NEVER = new AbortController().signal;

function toInput({ now, findings, inventory, candidates }: Fixture): FactsInput {
  return {
    now: Date.parse(now),
    inventory,
    candidates: new Map(Object.entries(candidates)),
    image: { digest: DIGEST, platform: PLATFORM },
    findings: findings.map(({ vulnerability, status, packages }) =>
      sampleFinding({
        id: `trivy/${DIGEST}/${vulnerability}`,
        vulnerability,
        status,
        image: { ...NO_IMAGE, digest: DIGEST, platform: PLATFORM },
        packages: packages.map((said) => ({ ...said, architecture: null, diffId: null, path: null })),
      }),
    ),
  };
}

async function outcomeOf(input: FactsInput, options: Fixture['options']): Promise<Outcome> {
  const { facts, leftOver } = gatherFacts(input);
  if (facts === null) return { proposal: proposeUnmanaged(input.inventory), leftOver };
  const { standing, ...rest } = options;
  const planner = createPlanner({ ...rest, ...(standing === undefined ? {} : { standing: () => standing }) });
  const { proposal } = await planner.proposePlan(facts, { signal: NEVER });
  return { proposal, leftOver };
}

async function readFixture(folder: string): Promise<Fixture> {
  return JSON.parse(await readFile(new URL(`${folder}/facts.json`, FIXTURES), 'utf8'));
}

const folders = (await readdir(FIXTURES)).toSorted();

describe('createPlanner', () => {
  for (const folder of folders) {
    it(`plans: ${folder.replaceAll('-', ' ')}`, async () => {
      const fixture = await readFixture(folder);
      const outcome = await outcomeOf(toInput(fixture), fixture.options);
      const expectedAt = new URL(`${folder}/expected.json`, FIXTURES);
      assert.deepEqual(outcome, JSON.parse(await readFile(expectedAt, 'utf8')));
    });
  }

  it('plans nothing below a fixed version, no package twice, and none that is not installed', async () => {
    for (const folder of folders) {
      const { inventory, candidates, ...fixture } = await readFixture(folder);
      const { proposal } = await outcomeOf(toInput({ ...fixture, inventory, candidates }), fixture.options);
      const names = proposal.packages.map(({ name }) => name);
      assert.deepEqual(names, [...new Set(names)].toSorted());
      assert.ok(proposal.reason.length > 0 && proposal.reason.length <= 500);
      assert.equal(proposal.strategy === 'in-place', names.length > 0);
      for (const { name, minVersion } of proposal.packages) {
        assert.ok(inventory.packages.some((installed) => installed.name === name));
        assert.ok(minVersion !== null && inventory.format !== null);
        assert.ok(compareVersions(inventory.format, candidates[name] ?? '', minVersion) >= 0);
      }
    }
  });

  it('moves a package that no finding names a fix of to what the mirror has, with the rest of its source', async () => {
    const { facts } = gatherFacts(
      toInput(await readFixture('a-finding-names-the-command-and-the-library-beside-it-moves-too')),
    );
    assert.ok(facts !== null);
    const packages = facts.packages.map((one) => (one.name === 'libssl3' ? { ...one, fixed: null } : one));
    const { proposal } = await createPlanner().proposePlan({ ...facts, packages }, { signal: NEVER });
    const planned = new Map(proposal.packages.map(({ name, minVersion }) => [name, minVersion]));
    const candidate = packages.find(({ name }) => name === 'libssl3')?.candidate;
    assert.ok(candidate !== null && candidate !== undefined);
    assert.equal(planned.get('libssl3'), candidate);
    assert.ok(proposal.reason.includes(`libssl3 >= ${candidate}`), proposal.reason);
  });

  it('cuts a reason that would be too long', async () => {
    const fixture = await readFixture(folders[0] ?? '');
    const packages = Array.from({ length: 200 }, (_, number) => ({
      name: `package-${number}`,
      version: '1-1',
      architecture: 'amd64',
      source: { name: `package-${number}`, version: '1-1' },
      manual: null,
      held: false,
      depends: [],
      provides: [],
    }));
    const input = toInput({
      ...fixture,
      inventory: { ...fixture.inventory, format: 'deb', state: 'managed', manager: 'apt', packages },
      findings: packages.map(({ name }) => ({
        vulnerability: `CVE-${name}`,
        status: 'active',
        packages: [{ name, source: null, kind: 'deb', version: '1-1', fixedVersion: '1-2' }],
      })),
      candidates: Object.fromEntries(packages.map(({ name }) => [name, '1-2'])),
    });
    const { proposal } = await outcomeOf(input, { afterEndOfLife: 'patch' });
    assert.equal(proposal.packages.length, 200);
    assert.equal(proposal.reason.length, 500);
    assert.equal(proposal.reason.at(-1), '…');
  });
});

describe('gatherFacts', () => {
  it('gives the same in whatever order findings and packages come', async () => {
    const inputs = await Promise.all(folders.map(async (folder) => toInput(await readFixture(folder))));
    const shuffled = fc.constantFrom(...inputs).chain((input) =>
      fc.record({
        input: fc.constant(input),
        findings: fc.shuffledSubarray([...input.findings], { minLength: input.findings.length }),
        packages: fc.shuffledSubarray([...input.inventory.packages], {
          minLength: input.inventory.packages.length,
        }),
      }),
    );
    fc.assert(
      fc.property(shuffled, ({ input, findings, packages }) => {
        const { inventory } = input;
        const other = gatherFacts({ ...input, findings, inventory: { ...inventory, packages } });
        assert.deepEqual(
          other.facts?.packages.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
          gatherFacts(input).facts?.packages.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
        );
        assert.deepEqual(other, gatherFacts(input));
      }),
    );
  });

  it('says of every active affected package that it is in the facts or why not', async () => {
    for (const folder of folders) {
      const input = toInput(await readFixture(folder));
      const { facts, leftOver } = gatherFacts(input);
      for (const { id, status, packages } of input.findings) {
        for (const affected of packages) {
          const isLeft = leftOver.some((left) => left.finding === id && left.package === affected.name);
          const isCovered = facts?.findings.includes(id) === true;
          assert.equal(isLeft || isCovered, status === 'active', `${folder}: ${id} ${affected.name}`);
        }
      }
    }
  });
});

describe('packagesToProbe', () => {
  it('names every installed package of the sources that findings are about', async () => {
    const { findings, inventory } = toInput(
      await readFixture('a-finding-names-the-command-and-the-library-beside-it-moves-too'),
    );
    assert.deepEqual(packagesToProbe(findings, inventory), ['libssl3', 'openssl']);
    assert.deepEqual(packagesToProbe(findings, { ...inventory, format: null }), []);
  });
});
