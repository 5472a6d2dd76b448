import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { packageOf } from '../inventory/image-files.fixture.ts';
import { comparePackages } from '../prove/compare-packages.ts';
import { digest, finding, inventory, NEW, OLD, PLAN } from '../prove/evidence.fixture.ts';
import { proofOf } from '../prove/verdict.fixture.ts';
import { hashVerdict } from '../prove/verdict.ts';
import { describePatch } from './describe-patch.ts';
import { toProvenance } from './provenance.ts';
import { imagePurl, packagePurl } from './purl.ts';
import { toSbom } from './sbom.ts';
import { toVex } from './vex.ts';

const BASE = { registry: 'registry.example.com', repository: 'golden/debian', digest: digest('b') };
const IMAGE = { ...BASE, digest: digest('d') };
const DISTRO = PLAN.facts.distro;
const AT = Date.UTC(2026, 10, 21);

/** The schema that CycloneDX publishes, as its library ships it. */
async function cycloneDx(): Promise<(document: unknown) => string | null> {
  const read = async (name: string): Promise<object> => {
    const library = import.meta.resolve('@cyclonedx/cyclonedx-library');
    const file = new URL(`../res/schema/${name}.SNAPSHOT.schema.json`, library);
    return JSON.parse(await readFile(file, 'utf8'));
  };
  const ajv = new Ajv({ strict: false });
  formats.default(ajv);
  ajv.addFormat('iri-reference', true);
  ajv.addFormat('idn-email', true);
  for (const name of ['spdx', 'jsf-0.82', 'cryptography-defs']) {
    const schema = await read(name);
    ajv.addSchema(schema, `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`);
  }
  const validate = ajv.compile(await read('bom-1.6'));
  return (document) => (validate(document) ? null : ajv.errorsText(validate.errors));
}

describe('packagePurl', () => {
  it('names packages of each format', () => {
    const deb = packageOf({ name: 'libstdc++6', version: '1:10.2.1-6' });
    assert.equal(
      packagePurl(deb, { format: 'deb', distro: DISTRO }),
      'pkg:deb/debian/libstdc%2B%2B6@1:10.2.1-6?arch=amd64&distro=debian-11',
    );
    const rpm = packageOf({ name: 'openssl', version: '1:3.0.7-2.el9', architecture: 'x86_64' });
    assert.equal(
      packagePurl(rpm, { format: 'rpm', distro: null }),
      'pkg:rpm/openssl@3.0.7-2.el9?arch=x86_64&epoch=1',
    );
  });
});

describe('toSbom', () => {
  const after = inventory(NEW);
  const sbom = toSbom({ image: IMAGE, inventory: after, madeAt: AT });

  it('is valid CycloneDX 1.6, also of an image without packages', async () => {
    const problem = await cycloneDx();
    assert.equal(problem(sbom), null);
    const none = { ...after, distro: null, format: null, packages: [] };
    assert.equal(problem(toSbom({ image: IMAGE, inventory: none, madeAt: AT })), null);
    assert.notEqual(problem({ ...sbom, bomFormat: 'other' }), null);
  });

  it('has each package once, what it needs, and the image itself', () => {
    const openssl = 'pkg:deb/debian/openssl@1.1.1w-0+deb11u2?arch=amd64&distro=debian-11';
    const twice = toSbom({
      image: IMAGE,
      inventory: { ...after, packages: [...after.packages, ...after.packages] },
      madeAt: AT,
    });
    assert.deepEqual(twice, sbom);
    const [dependency] = [sbom['dependencies']]
      .flat()
      .filter((one): one is { ref: string; dependsOn: string[] } =>
        JSON.stringify(one).includes(`"ref":"${openssl}"`),
      );
    assert.equal(dependency?.dependsOn.length, 2);
    assert.match(JSON.stringify(sbom['metadata']), /pkg:oci\/debian@sha256/);
  });

  it('is the same for the same image and time', () => {
    assert.deepEqual(toSbom({ image: IMAGE, inventory: after, madeAt: AT }), sbom);
    assert.notEqual(
      toSbom({ image: IMAGE, inventory: after, madeAt: AT + 1 })['serialNumber'],
      sbom['serialNumber'],
    );
  });
});

describe('toVex', () => {
  const [affected] = finding('x').packages;
  assert.ok(affected);
  const request = {
    image: IMAGE,
    before: [
      finding('CVE-1', { aliases: ['DSA-1'] }),
      finding('CVE-2'),
      finding('CVE-3', { packages: [{ ...affected, name: 'gone+1' }] }),
      finding('CVE-4', { packages: [{ ...affected, kind: 'language' }] }),
      finding('CVE-5', { status: 'closed' }),
    ],
    after: [finding('CVE-2'), finding('CVE-6', { packages: [{ ...affected, fixedVersion: null }] })],
    inventory: inventory(NEW),
    author: 'images@example.com',
    madeAt: AT,
  };

  it('takes each status from the scan of the patched image', () => {
    const { statements, ...document } = toVex(request);
    assert.deepEqual(
      statements.map(({ vulnerability, status, action_statement, justification }) => [
        vulnerability.name,
        status,
        action_statement ?? justification ?? null,
      ]),
      [
        ['CVE-1', 'fixed', null],
        ['CVE-2', 'affected', `Upgrade libssl1.1 to ${NEW} or later.`],
        ['CVE-3', 'not_affected', 'component_not_present'],
        ['CVE-6', 'affected', 'No fix is known. Wait for one.'],
      ],
    );
    assert.equal(document['@context'], 'https://openvex.dev/ns/v0.2.0');
    const [first, , third] = statements;
    assert.deepEqual(first?.vulnerability.aliases, ['DSA-1']);
    assert.equal(first?.products[0]?.['@id'], imagePurl(IMAGE));
    assert.match(first?.products[0]?.subcomponents[0]?.['@id'] ?? '', /libssl1\.1@1\.1\.1w/);
    assert.deepEqual(third?.products[0]?.subcomponents, [{ '@id': 'pkg:deb/debian/gone%2B1' }]);
  });

  it('is named by what it says', () => {
    const name = toVex(request)['@id'];
    assert.equal(toVex(request)['@id'], name);
    assert.notEqual(toVex({ ...request, after: [] })['@id'], name);
  });
});

describe('toProvenance', () => {
  it('names planner, model, plan, script and verdict', () => {
    const { verdict } = proofOf(BASE, IMAGE);
    const planner = { kind: 'model', name: 'vendor/model-1', promptHash: 'e'.repeat(64) } as const;
    const provenance = toProvenance({
      verdict,
      plan: { ...PLAN, planner },
      scriptHash: 'f'.repeat(64),
      engine: 'node',
      patchId: 'patch-1',
      diff: comparePackages(inventory(OLD), inventory(NEW)),
      packages: { format: 'deb', distro: DISTRO },
      builder: { id: 'https://portal.example.com', version: '0.1.0' },
      startedAt: AT,
      finishedAt: AT + 1_000,
    });
    assert.partialDeepStrictEqual(provenance, {
      buildDefinition: {
        internalParameters: {
          planner,
          model: 'vendor/model-1',
          planHash: verdict.planHash,
          scriptHash: 'f'.repeat(64),
          verdict: { hash: hashVerdict(verdict), proved: true },
        },
        resolvedDependencies: [
          { name: 'base', digest: { sha256: 'b'.repeat(64) } },
          { name: 'libssl1.1' },
          { name: 'openssl' },
        ],
      },
      runDetails: {
        builder: { id: 'https://portal.example.com' },
        metadata: { invocationId: 'patch-1', finishedOn: '2026-11-21T00:00:01.000Z' },
      },
    });
  });
});

describe('describePatch', () => {
  it('gives SBOM, VEX and provenance of one patch, the same each time', () => {
    const patch = {
      verdict: proofOf(BASE, IMAGE).verdict,
      plan: PLAN,
      scriptHash: 'f'.repeat(64),
      engine: 'node',
      patchId: 'patch-1',
      builder: { id: 'https://portal.example.com', version: '0.1.0' },
      startedAt: AT,
      finishedAt: AT,
      inventories: { before: inventory(OLD), after: inventory(NEW) },
      findings: { before: [finding('CVE-1')], after: [] },
      author: 'images@example.com',
    };
    const statements = describePatch(patch);
    assert.deepEqual(
      statements.map(({ predicateType }) => predicateType),
      ['https://cyclonedx.org/bom', 'https://openvex.dev/ns', 'https://slsa.dev/provenance/v1'],
    );
    assert.deepEqual(describePatch(patch), statements);
    const [, vex, provenance] = statements;
    assert.partialDeepStrictEqual(vex?.predicate, { statements: [{ status: 'fixed' }] });
    assert.partialDeepStrictEqual(provenance?.predicate, {
      buildDefinition: {
        resolvedDependencies: [{ name: 'base' }, { name: 'libssl1.1' }, { name: 'openssl' }],
      },
    });
  });
});
