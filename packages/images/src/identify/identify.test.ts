import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { digestOf } from '../image/digest.ts';
import type { Digest, Image, Platform } from '../image/image.ts';
import type { AffectedPackage, Finding, FoundImage } from '../receive/finding.ts';
import { chainIds, createBaseIndex } from './base-index.ts';
import type { GoldenImage, GoldenVersion } from './golden-image.ts';
import type { Evidence, Identification } from './identification.ts';
import { identify } from './identify.ts';

const AMD64: Platform = { os: 'linux', architecture: 'amd64', variant: null };
const LABEL = 'org.opencontainers.image.base.digest';

const layer = (name: string): Digest => digestOf(`layer ${name}`);
const gzip = (diffId: Digest): Digest => digestOf(`gzip ${diffId}`);
const zstd = (diffId: Digest): Digest => digestOf(`zstd ${diffId}`);

interface Stack {
  readonly diffIds: readonly Digest[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly repository?: string;
  readonly platform?: Platform;
  readonly packing?: (diffId: Digest) => Digest;
}

function imageOf(stack: Stack): Image {
  const { diffIds, labels = {}, annotations = {}, platform = AMD64, packing = gzip } = stack;
  const { os, architecture, variant } = platform;
  return {
    registry: 'registry.example.com',
    repository: stack.repository ?? 'apps/web',
    digest: digestOf(JSON.stringify(stack)),
    platform,
    manifest: {
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config: { mediaType: 'x', digest: digestOf('config'), size: 1 },
      layers: diffIds.map((diffId) => ({ mediaType: 'x', digest: packing(diffId), size: 1 })),
      annotations,
    },
    config: { architecture, os, variant, created: null, run: { Labels: labels }, diffIds, history: [] },
  };
}

function versionOf(name: string, diffIds: readonly Digest[]): GoldenVersion {
  const digest = digestOf(`manifest ${name} ${diffIds.join()}`);
  return { digest, indexDigest: digestOf(`index ${name}`), diffIds, layers: diffIds.map(gzip) };
}

function goldenOf(name: string, ...stacks: readonly (readonly Digest[])[]): GoldenImage {
  return {
    name,
    registry: 'registry.example.com',
    repository: `golden/${name}`,
    tag: 'stable',
    platform: AMD64,
    versions: stacks.map((diffIds) => versionOf(name, diffIds)),
  };
}

function packageOf(name: string, diffId: Digest | null): AffectedPackage {
  const nothing = { source: null, fixedVersion: null, architecture: null, path: null };
  return { name, kind: 'deb', version: '1', diffId, ...nothing };
}

function findingOf(image: Partial<FoundImage>, packages: readonly AffectedPackage[] = []): Finding {
  return {
    id: 'trivy/x',
    scanner: 'trivy',
    vulnerability: 'CVE-2026-1',
    aliases: [],
    severity: 'critical',
    status: 'active',
    image: {
      digest: null,
      configDigest: null,
      registry: null,
      repository: null,
      tags: [],
      platform: null,
      diffIds: [],
      distro: null,
      ...image,
    },
    packages,
    title: '',
    epss: null,
    knownExploited: null,
    publishedAt: null,
    fixedAt: null,
    updatedAt: 0,
  };
}

const os = [layer('os 1'), layer('os 2')];
const runtime = [...os, layer('runtime')];
const app = [...runtime, layer('app'), layer('config')];
const debian = goldenOf('debian', os, [layer('older os')]);
const python = goldenOf('python', runtime);
const index = createBaseIndex([debian, python]);

function of(image: Image, packages: readonly AffectedPackage[] = []): Identification {
  return identify(findingOf({ digest: image.digest }, packages), { image }, index);
}

function kinds(evidence: readonly Evidence[]): readonly string[] {
  return evidence.map(({ kind, golden, accepted }) => `${kind} ${golden} ${accepted ? 'yes' : 'no'}`);
}

describe('chainIds', () => {
  it('is that of the specification: the digest of the chain below, a blank, and the layer', () => {
    const [first, second, third] = chainIds(runtime);
    assert.equal(first, os[0]);
    assert.equal(second, digestOf(`${os[0]} ${os[1]}`));
    assert.equal(third, digestOf(`${second} ${runtime[2]}`));
    assert.deepEqual(chainIds([]), []);
  });
});

describe('createBaseIndex', () => {
  it('finds all bases, the nearest first', () => {
    assert.deepEqual(
      index.basesOf(app, AMD64).map(({ golden }) => golden.name),
      ['python', 'debian'],
    );
  });

  it('finds none for another platform, another order, or the upper layers alone', () => {
    assert.deepEqual(index.basesOf(app, { ...AMD64, architecture: 'arm64' }), []);
    assert.deepEqual(index.basesOf(app.toReversed(), AMD64), []);
    assert.deepEqual(index.basesOf(app.slice(1), AMD64), []);
  });

  it('takes nothing for a base that has no layer, or only empty ones', () => {
    const empty: Digest = digestOf(Buffer.alloc(1_024));
    const bad = createBaseIndex([goldenOf('scratch', []), goldenOf('empty', [empty], [empty, empty])]);
    assert.deepEqual(bad.basesOf([empty, empty, layer('app')], AMD64), []);
  });
});

describe('identify', () => {
  it('proves the nearest base by its layers, and says which part brought which package', () => {
    const packages = [
      packageOf('libc6', os[1] ?? null),
      packageOf('python3', layer('runtime')),
      packageOf('curl', layer('app')),
      packageOf('what', null),
      packageOf('odd', layer('elsewhere')),
    ];
    const found = of(imageOf({ diffIds: app }), packages);
    assert.equal(found.confidence, 'proved');
    assert.equal(found.golden?.golden, python);
    assert.deepEqual(
      found.ancestry.map(({ golden }) => golden.name),
      ['python', 'debian'],
    );
    assert.deepEqual(
      found.packages.map((one) => [one.package.name, one.part, one.golden?.golden.name ?? null]),
      [
        ['libc6', 'base', 'debian'],
        ['python3', 'base', 'python'],
        ['curl', 'application', null],
        ['what', 'unknown', null],
        ['odd', 'unknown', null],
      ],
    );
    assert.equal(found.part, 'base');
    assert.equal(of(imageOf({ diffIds: app }), [packageOf('curl', layer('app'))]).part, 'application');
    assert.equal(of(imageOf({ diffIds: app }), [packageOf('curl', null)]).part, 'unknown');
    assert.equal(of(imageOf({ diffIds: app })).part, 'unknown');
  });

  it('finds the layer of a package also by its compressed digest', () => {
    const found = of(imageOf({ diffIds: app }), [packageOf('libc6', gzip(layer('os 2')))]);
    assert.equal(found.packages[0]?.golden?.golden, debian);
  });

  it('proves an older version of a golden image, and one that was recompressed', () => {
    const older = of(imageOf({ diffIds: [layer('older os'), layer('app')] }));
    assert.equal(older.confidence, 'proved');
    assert.equal(older.golden?.version, debian.versions[1]);
    const other = of(imageOf({ diffIds: app, packing: zstd }));
    assert.equal(other.confidence, 'proved');
    assert.deepEqual(kinds(other.evidence), ['diffid-prefix python yes', 'diffid-prefix debian yes']);
  });

  it('knows a golden image itself, also from nothing but its digest, and all its packages are of the base', () => {
    const [version] = python.versions;
    const finding = findingOf({ digest: version?.digest ?? null, diffIds: [layer('a lie')] }, [
      packageOf('x', null),
      packageOf('libc6', layer('os 1')),
    ]);
    const found = identify(finding, { image: null }, index);
    assert.equal(found.confidence, 'proved');
    assert.deepEqual(
      found.packages.map(({ golden }) => golden?.golden.name),
      ['python', 'debian'],
    );
    assert.equal(found.part, 'base');
    assert.ok(found.evidence.some(({ says, accepted }) => says.includes('not believed') && !accepted));
  });

  it('calls only likely what a report says and nobody read', () => {
    const found = identify(findingOf({ digest: digestOf('x'), diffIds: app }), { image: null }, index);
    assert.equal(found.confidence, 'likely');
    assert.equal(found.golden?.golden, python);
    const layers = app.map(gzip);
    const compressed = identify(
      findingOf({ digest: digestOf('x') }, [packageOf('libc6', layers[0] ?? null)]),
      { image: null, layers },
      index,
    );
    assert.equal(compressed.confidence, 'likely');
    assert.equal(compressed.part, 'base');
    assert.deepEqual(kinds(compressed.evidence).slice(0, 2), [
      'layer-digest python yes',
      'layer-digest debian yes',
    ]);
    const repacked = identify(findingOf({}), { image: null, layers: app.map(zstd) }, index);
    assert.equal(repacked.confidence, 'none');
  });

  it('takes an inherited label for what it is: that of the base of the base', () => {
    const label = { [LABEL]: debian.versions[0]?.digest ?? '' };
    const found = of(imageOf({ diffIds: app, labels: label }));
    assert.equal(found.golden?.golden, python);
    const said = found.evidence.find(({ kind }) => kind === 'label');
    assert.deepEqual([said?.golden, said?.accepted], ['debian', true]);
    assert.match(said?.says ?? '', /a base of its base/);
  });

  it('believes no label, annotation or provenance that its layers do not bear out', () => {
    const digest = python.versions[0]?.digest ?? digestOf('');
    const named = { [LABEL]: digest };
    const squashed = imageOf({ diffIds: [layer('squashed')], labels: named, annotations: named });
    const finding = findingOf({ digest: squashed.digest });
    const found = identify(finding, { image: squashed, provenance: [digest, digestOf('builder')] }, index);
    assert.equal(found.golden, null);
    assert.equal(found.confidence, 'none');
    assert.deepEqual(kinds(found.evidence), [
      'diffid-prefix null no',
      'provenance python no',
      'provenance null no',
      'annotation python no',
      'label python no',
    ]);
  });

  it('reads labels and annotations that are no digests as none', () => {
    for (const value of ['', 'sha256:x', 'python', `${LABEL}\n`]) {
      const named = { [LABEL]: value };
      assert.equal(of(imageOf({ diffIds: app, labels: named, annotations: named })).confidence, 'proved');
    }
    const strange = imageOf({ diffIds: app });
    const run = { Labels: ['x'] };
    assert.equal(of({ ...strange, config: { ...strange.config, run } }).confidence, 'proved');
  });

  it('gives a hint and no more by the name of the repository', () => {
    const image = imageOf({ diffIds: [layer('rebuilt')], repository: 'golden/python' });
    const found = of(image, [packageOf('x', layer('rebuilt'))]);
    assert.equal(found.confidence, 'hint');
    assert.equal(found.golden?.golden, python);
    assert.equal(found.part, 'unknown');
    assert.deepEqual(found.ancestry, []);
    const stranger = identify(
      findingOf({ repository: 'golden/python', registry: 'evil.example' }),
      { image: null },
      index,
    );
    assert.equal(stranger.golden, null);
  });

  it('proves none of two golden images with the same layers, unless the image says which', () => {
    const twin = goldenOf('twin', runtime);
    const both = createBaseIndex([python, twin]);
    const image = imageOf({ diffIds: app });
    assert.equal(identify(findingOf({}), { image }, both).confidence, 'likely');
    const named = imageOf({ diffIds: app, annotations: { [LABEL]: twin.versions[0]?.indexDigest ?? '' } });
    const found = identify(findingOf({}), { image: named }, both);
    assert.equal(found.confidence, 'proved');
    assert.equal(found.golden?.golden, twin);
    const labelled = imageOf({ diffIds: app, labels: { [LABEL]: twin.versions[0]?.digest ?? '' } });
    assert.equal(identify(findingOf({}), { image: labelled }, both).confidence, 'likely');
  });

  it('takes two tags of one image for one, and two images of the same layers for two', () => {
    const stack = [layer('a'), layer('b')];
    const golden = goldenOf('debian', stack);
    const known = { image: imageOf({ diffIds: [...stack, layer('app')] }) };
    const finding = findingOf({}, [packageOf('openssl', layer('a'))]);
    const sure = (other: GoldenImage): string =>
      identify(finding, known, createBaseIndex([golden, other])).confidence;
    assert.equal(sure({ ...golden, name: 'debian-stable', tag: '12' }), 'proved');
    assert.equal(sure({ ...golden, name: 'copy', repository: 'other/debian' }), 'likely');
  });

  it('refuses the image of another finding', () => {
    const finding = findingOf({ digest: digestOf('another') });
    assert.throws(() => identify(finding, { image: imageOf({ diffIds: app }) }, index), {
      code: 'images/identify-wrong-image',
    });
  });

  it('is never wrong where it says proved, on any stack, squashed, repacked, or with labels that lie', () => {
    const plan = fc.record({
      // A forest of golden images: each stands on nothing or on one before it.
      goldens: fc.array(fc.record({ on: fc.nat(), layers: fc.integer({ min: 1, max: 3 }) }), {
        minLength: 1,
        maxLength: 8,
      }),
      on: fc.option(fc.nat(), { nil: null }),
      layers: fc.nat(4),
      way: fc.constantFrom('plain', 'squashed', 'repacked', 'upper part squashed', 'copied out of the base'),
      label: fc.option(fc.nat(), { nil: null }),
      annotation: fc.option(fc.nat(), { nil: null }),
      seen: fc.boolean(),
    });
    const counts = { proved: 0, right: 0, missed: 0 };
    fc.assert(
      fc.property(plan, (made) => {
        const goldens: GoldenImage[] = [];
        for (const [at, { on, layers }] of made.goldens.entries()) {
          const base = on % (at + 1) === at ? [] : (goldens[on % (at + 1)]?.versions[0]?.diffIds ?? []);
          const own = Array.from({ length: layers }, (_, each) => layer(`g${at}.${each}`));
          goldens.push(goldenOf(`g${at}`, [...base, ...own]));
        }
        const pick = (at: number | null): GoldenImage | null =>
          at === null ? null : (goldens[at % goldens.length] ?? null);
        const base = pick(made.on);
        const baseLayers = base?.versions[0]?.diffIds ?? [];
        const upper = Array.from({ length: made.layers }, (_, each) => layer(`app ${each}`));
        const stacks: Readonly<Record<string, readonly Digest[]>> = {
          plain: [...baseLayers, ...upper],
          repacked: [...baseLayers, ...upper],
          squashed: [layer('one of all')],
          'upper part squashed': [...baseLayers, layer('app in one')],
          'copied out of the base': [layer('copy'), ...upper, ...baseLayers],
        };
        const diffIds = stacks[made.way] ?? [];
        const isBuiltOn = made.way !== 'squashed' && made.way !== 'copied out of the base';
        const truth = isBuiltOn ? base : null;
        const digestFrom = (at: number | null): Readonly<Record<string, string>> => {
          const digest = pick(at)?.versions[0]?.digest;
          return digest === undefined ? {} : { [LABEL]: digest };
        };
        const image = imageOf({
          diffIds,
          labels: digestFrom(made.label),
          annotations: digestFrom(made.annotation),
          packing: made.way === 'repacked' ? zstd : gzip,
        });
        const marks = diffIds.map((diffId, at) => packageOf(`p${at}`, diffId));
        const known = { image: made.seen ? image : null };
        const found = identify(findingOf({ diffIds }, marks), known, createBaseIndex(goldens));
        if (truth !== null && found.golden === null) counts.missed += 1;
        if (!made.seen) assert.notEqual(found.confidence, 'proved');
        if (found.confidence !== 'proved') return;
        counts.proved += 1;
        assert.equal(found.golden?.golden, truth);
        for (const [at, one] of found.packages.entries()) {
          assert.equal(one.part, at < baseLayers.length ? 'base' : 'application');
          if (one.golden !== null) assert.ok(at < one.golden.version.diffIds.length);
        }
        counts.right += 1;
      }),
      { numRuns: 1_000 },
    );
    assert.ok(counts.proved > 100, `${counts.proved} proved`);
    assert.equal(counts.right, counts.proved);
    assert.equal(counts.missed, 0);
  });
});
