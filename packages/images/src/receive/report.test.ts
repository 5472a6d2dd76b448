import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { SEVERITIES } from './finding.ts';
import { parseReport, type Report } from './report.ts';
import { MAX_REPORT_BYTES } from './read-json.ts';

const FIXTURES = new URL('./fixtures/', import.meta.url);
/** 2024-09-06T00:00:00Z */
const RECEIVED = 1_725_580_800_000;

const parse = (json: unknown): Report => parseReport(json, { receivedAt: RECEIVED, name: 'report.json' });

/** Inputs of the fixtures that are JSON: what the properties begin with. */
const inputs: unknown[] = [];

for (const format of readdirSync(FIXTURES).toSorted()) {
  describe(`parseReport: ${format}`, () => {
    for (const sentence of readdirSync(new URL(`${format}/`, FIXTURES)).toSorted()) {
      const folder = new URL(`${format}/${sentence}/`, FIXTURES);
      const bytes = readFileSync(new URL('input.json', folder));
      try {
        inputs.push(JSON.parse(bytes.toString('utf8')));
      } catch {
        // A broken report is no beginning for a changed one.
      }
      it(sentence.replaceAll('-', ' '), () => {
        const expected: unknown = JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8'));
        assert.deepEqual(JSON.parse(JSON.stringify(parse(bytes))), expected);
      });
    }
  });
}

describe('parseReport', () => {
  it('never throws, whatever JSON value it gets', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        assertBounded(parse(value));
        assertBounded(parse(Buffer.from(JSON.stringify(value))));
      }),
      { numRuns: 500 },
    );
  });

  it('never throws, whatever bytes it gets', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        assertBounded(parse(bytes));
      }),
    );
  });

  it('gives only findings that hold what their type says, wherever a true report is spoilt', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...inputs),
        fc.array(fc.nat(), { minLength: 1, maxLength: 12 }),
        fc.jsonValue({ maxDepth: 2 }),
        (input, way, spoilt) => {
          assertBounded(parse(replaceAt(input, { way, value: spoilt })));
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it('takes the same from bytes and from the value they stand for', () => {
    for (const input of inputs) {
      const fromBytes = parse(Buffer.from(JSON.stringify(input)));
      // Only bytes can be too deep to be read at all.
      if (fromBytes.diagnostics[0]?.code === 'images/report-unreadable') continue;
      assert.deepEqual(fromBytes, parse(input));
    }
  });

  it('takes what is known of the image besides where the report does not say it', () => {
    const digest = `sha256:${'a'.repeat(64)}` as const;
    const report = { results: [], image_metadata: { layer_metadata: [] } };
    const options = { receivedAt: RECEIVED, name: 'x', image: { digest, repository: 'golden/debian' } };
    const { image, snapshot } = parseReport(report, options);
    assert.deepEqual([image?.digest, image?.repository, snapshot], [digest, 'golden/debian', true]);
  });

  it('is no snapshot of an image when what should be a list is something else', () => {
    const trivy = (fields: object): object => ({ ...trivyOf([vulnerability({})]), ...fields });
    const within = (fields: object): object =>
      trivy({ Results: [{ Class: 'os-pkgs', Type: 'debian', ...fields }] });
    const grype = (fields: object): object => ({ source: { type: 'image' }, descriptor: {}, ...fields });
    const osv = (fields: object): object => ({ image_metadata: { layer_metadata: [] }, ...fields });
    for (const none of ['none', 0, false, {}, null]) {
      for (const lying of [trivy({ Results: none }), grype({ matches: none }), osv({ results: none })]) {
        assert.equal(parse(lying).snapshot, false, JSON.stringify(lying));
      }
    }
    for (const none of ['none', 0, false, {}]) {
      const lying = parse(within({ Vulnerabilities: none }));
      assert.deepEqual([lying.snapshot, lying.diagnostics[0]?.severity], [false, 'error']);
    }
    const honest = [trivy({ Results: [] }), within({ Vulnerabilities: null }), within({})];
    for (const good of [...honest, grype({ matches: [] }), osv({ results: [] })]) {
      assert.equal(parse(good).snapshot, true, JSON.stringify(good));
    }
  });

  it('refuses a report with too many bytes without reading it', () => {
    const { findings, diagnostics } = parse(new Uint8Array(MAX_REPORT_BYTES + 1));
    assert.deepEqual([findings.length, diagnostics[0]?.code], [0, 'images/report-too-large']);
  });

  it('cuts a text of a hundred million characters', () => {
    const long = 'A\u200b'.repeat(50_000_000);
    const { findings, diagnostics } = parse(trivyOf([vulnerability({ Title: long, Severity: long })]));
    assert.equal(findings[0]?.title.length, 300);
    assert.ok(diagnostics.every(({ summary }) => summary.length <= 500));
  });

  it('takes as many findings as there may be, says that there were more, and is no snapshot then', () => {
    const many = Array.from({ length: 50_001 }, (_, i) =>
      vulnerability({ VulnerabilityID: `CVE-2024-${i}` }),
    );
    const { findings, diagnostics, snapshot } = parse(trivyOf(many));
    assert.equal(findings.length, 50_000);
    assert.deepEqual([diagnostics[0]?.code, snapshot], ['images/report-too-large', false]);
  });

  it('tells a bounded number of problems one by one, and how many more there were', () => {
    const { diagnostics } = parse(trivyOf(Array.from({ length: 2_000 }, () => ({}))));
    assert.equal(diagnostics.length, 501);
    assert.match(diagnostics.at(-1)?.summary ?? '', /1500 more/);
  });

  it('keeps two lists of layers without a digest apart', () => {
    const one = { ...trivyOf([vulnerability({})]), Metadata: {} };
    const ids = parse([one, one]).findings.map(({ id }) => id);
    assert.equal(new Set(ids).size, 2);
  });
});

function vulnerability(fields: object): object {
  const own = {
    VulnerabilityID: 'CVE-2024-1',
    PkgName: 'openssl',
    InstalledVersion: '3.0.1',
    Severity: 'HIGH',
  };
  return { ...own, ...fields };
}

function trivyOf(vulnerabilities: readonly object[]): object {
  const results = [{ Target: 'x', Class: 'os-pkgs', Type: 'debian', Vulnerabilities: vulnerabilities }];
  return { SchemaVersion: 2, ArtifactType: 'container_image', Results: results };
}

/** A copy with another value at the place that the numbers lead to. */
function replaceAt(input: unknown, change: { way: readonly number[]; value: unknown }): unknown {
  const [step, ...way] = change.way;
  if (step === undefined || typeof input !== 'object' || input === null) return change.value;
  const keys = Object.keys(input);
  const key = keys[step % Math.max(keys.length, 1)];
  if (key === undefined) return change.value;
  const replaced = replaceAt(Object.entries(input)[keys.indexOf(key)]?.[1], { way, value: change.value });
  if (Array.isArray(input)) return input.with(Number(key), replaced);
  return { ...input, [key]: replaced };
}

function assertBounded({ findings, diagnostics }: Report): void {
  const ids = new Set<string>();
  for (const finding of findings) {
    const { id, title, image, packages, epss } = finding;
    assert.ok(!ids.has(id) && id.length < 600);
    ids.add(id);
    assert.match(finding.vulnerability, /^[A-Za-z0-9][\w.:+-]*$/);
    assert.ok(title.length <= 300);
    assert.doesNotMatch(title, /[\p{Cc}\p{Cf}\n]/u);
    assert.ok(SEVERITIES.includes(finding.severity));
    assert.ok(Number.isSafeInteger(finding.updatedAt) && finding.updatedAt > 0);
    assert.ok(finding.updatedAt <= RECEIVED + 86_400_000);
    assert.ok(epss === null || (epss >= 0 && epss <= 1));
    for (const digest of [image.digest, image.configDigest, ...image.diffIds]) {
      assert.match(digest ?? `sha256:${'0'.repeat(64)}`, /^sha256:[0-9a-f]{64}$/);
    }
    assert.ok(packages.length > 0);
    for (const { name, kind, version, fixedVersion } of packages) {
      if (kind !== 'language') assert.match(name, /^[A-Za-z0-9][\w.+:~-]*$/);
      for (const text of [version, fixedVersion ?? '1']) assert.match(text, /^[A-Za-z0-9][\w.+~:^!@/-]*$/);
    }
  }
  for (const { severity, code, summary, path } of diagnostics) {
    assert.match(code, /^images\/report-/);
    assert.ok(['error', 'warning', 'info'].includes(severity) && summary.length <= 500);
    assert.ok((path ?? '').length <= 300);
  }
}
