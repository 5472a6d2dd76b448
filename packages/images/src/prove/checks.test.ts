import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { viewOf } from '../inventory/image-files.fixture.ts';
import { fixable, runChecks, type Evidence } from './checks.ts';
import {
  BASE_TREE,
  digest,
  entry,
  evidence,
  file,
  finding,
  image,
  inventory,
  LAYER,
  LIBRARY,
  NEW,
  OLD,
  PLAN,
  POLICY,
  scanned,
} from './evidence.fixture.ts';
import { CHECKS } from './verdict.ts';

async function failed(given: Partial<Evidence>): Promise<Record<string, string>> {
  const results = await runChecks(evidence(given), POLICY);
  assert.deepEqual(
    results.map(({ id }) => id),
    [...CHECKS],
  );
  return Object.fromEntries(results.filter(({ ok }) => !ok).map(({ id, detail }) => [id, detail]));
}

describe('runChecks', () => {
  it('finds nothing wrong with a good patch', async () => {
    assert.deepEqual(await failed({}), {});
  });

  const lost = () => {
    throw new Error('the mirror is down');
  };
  const parts: readonly (keyof Evidence)[] = [
    'inventories',
    'files',
    'scanBefore',
    'scanAfter',
    'baseTree',
    'layer',
    'packages',
    'smoke',
  ];
  for (const part of parts) {
    it(`fails what needs ${part} when that could not be had, and says why`, async () => {
      const problems = Object.values(await failed({ [part]: lost }));
      assert.ok(problems.length > 0);
      for (const problem of problems) assert.equal(problem, 'could not be checked: the mirror is down');
    });
  }

  it('sees through a package database that was only edited', async () => {
    const same = { '/usr/bin/openssl': 'old program', [LIBRARY]: 'old library' };
    const files = { before: viewOf(same), after: viewOf(same) };
    const layer = [file('/var/lib/dpkg/status', 'forged')];
    const problems = await failed({ layer: () => layer, files: () => files });
    assert.deepEqual(Object.keys(problems), ['files.hashes']);
    assert.match(problems['files.hashes'] ?? '', /libssl\.so\.1\.1 of libssl1\.1 is another file/);
  });

  it('reports a file that changed without a package', async () => {
    const layer = [...LAYER, file('/usr/bin/helper', 'surprise'), entry('/usr/bin/su', 'whiteout')];
    assert.deepEqual(await failed({ layer: () => layer }), {
      'files.explained':
        '/usr/bin/helper changed, and no package did; /usr/bin/su was removed, and no package did',
    });
  });

  it('reports what gives power over the image', async () => {
    const layer = [
      ...LAYER,
      file('/etc/passwd', 'root and another'),
      file('/etc/cron.d/job', 'x'),
      file('/etc/ld.so.preload', 'x'),
      file('/usr/local/share/ca-certificates/mine.crt', 'x'),
      file('/etc/apt/sources.list.d/mine.list', 'x'),
      file('/usr/bin/root', 'x', { mode: 0o4755 }),
    ];
    const problems = await failed({ layer: () => layer });
    delete problems['files.explained'];
    assert.deepEqual(problems, {
      'files.privileges': '/usr/bin/root ran with no rights of its own, and now runs as user 0',
      'files.users': '/etc/passwd changed',
      'files.jobs': '/etc/cron.d/job changed',
      'files.loader': '/etc/ld.so.preload changed',
      'files.certificates': '/usr/local/share/ca-certificates/mine.crt changed',
      'files.sources': '/etc/apt/sources.list.d/mine.list changed',
    });
  });

  it('wants the same scanner with the same database, on these two digests, that knows the distribution', async () => {
    const after = scanned(inventory(NEW), [], { databaseVersion: '2 of yesterday', distro: null });
    assert.deepEqual(await failed({ scanAfter: () => after }), {
      'scan.same-scanner': [
        'databaseVersion was 2 of today and is 2 of yesterday',
        'distro was debian 11.11 and is unknown',
        `the second scan is of ${digest('b')}`,
        'the scanner did not recognise the distribution',
      ].join('; '),
    });
  });

  it('does not believe a scanner that does not see the packages', async () => {
    const after = scanned(inventory(NEW), [], { digest: digest('d'), packages: [] });
    const problems = await failed({ scanAfter: () => after });
    assert.deepEqual(Object.keys(problems), ['scan.sees-packages']);
  });

  it('does not believe a scanner that never knew the findings', async () => {
    const before = scanned(inventory(OLD), [finding('CVE-2020-1111')]);
    const after = scanned(inventory(NEW), [finding('CVE-2020-1111')], { digest: digest('d') });
    const problems = await failed({ scanBefore: () => before, scanAfter: () => after });
    assert.deepEqual(Object.keys(problems), ['scan.knows-findings']);
  });

  it('fails when a planned finding is still there, under any of its names', async () => {
    const still = finding('USN-1', { aliases: ['CVE-2024-0001'] });
    const before = scanned(inventory(OLD), [still]);
    const after = scanned(inventory(NEW), [still], { digest: digest('d') });
    assert.deepEqual(await failed({ scanBefore: () => before, scanAfter: () => after }), {
      'scan.fixed': `USN-1 is still in libssl1.1 ${OLD}`,
    });
  });

  it('does not ask of a patch what its plan leaves as it is, as a package that is held', async () => {
    const held = { name: 'bash', source: 'bash', installed: '5.1-2', fixed: '5.1-3', candidate: '5.1-3' };
    const facts = {
      ...PLAN.facts,
      packages: [...PLAN.facts.packages, { ...held, held: true, vulnerabilities: ['CVE-2024-0009'] }],
    };
    const [of] = finding('CVE-2024-0009').packages;
    assert.ok(of !== undefined);
    const left = finding('CVE-2024-0009', { packages: [{ ...of, name: 'bash', source: 'bash' }] });
    const before = scanned(inventory(OLD), [finding('CVE-2024-0001'), left]);
    const after = scanned(inventory(NEW), [left], { digest: digest('d') });
    const plan = { ...PLAN, facts };
    assert.deepEqual(await failed({ plan, scanBefore: () => before, scanAfter: () => after }), {});
    const unsolved = scanned(inventory(OLD), [left]);
    assert.deepEqual(await failed({ plan, scanBefore: () => unsolved, scanAfter: () => after }), {
      'scan.knows-findings': 'the scanner finds nothing of what was to be fixed in the image before',
    });
  });

  it('fails on a new finding that is bad enough, and lets others through', async () => {
    const grave = [
      finding('CVE-2025-1', { severity: 'critical' }),
      finding('CVE-2025-2', { severity: 'medium' }),
    ];
    const after = scanned(inventory(NEW), grave, { digest: digest('d') });
    assert.deepEqual(await failed({ scanAfter: () => after }), {
      'scan.nothing-new': 'CVE-2025-1 in libssl1.1 was not there before',
    });
  });

  it('fails an image that is not the base with one layer more, or is set up in another way', async () => {
    const patched = image('d', ['9', '2'], { User: 'nobody', Labels: { team: 'x', 'callboard.patch': '1' } });
    assert.deepEqual(await failed({ patched }), {
      'image.lineage': 'its lower layers are not those of the image before',
      'image.config': 'User was not set and is "nobody"; the label team was "base" and is "x"',
    });
  });

  it('tells the first twenty problems of a check and counts the others', async () => {
    const layer = Array.from({ length: 25 }, (_, at) => file(`/opt/${at}`, 'x'));
    const { 'files.explained': detail = '' } = await failed({
      layer: () => [...LAYER, ...layer],
      baseTree: () => BASE_TREE,
    });
    assert.match(detail, /\/opt\/19 changed.* … and 5 more$/);
    assert.doesNotMatch(detail, /\/opt\/20 /);
  });
});

describe('fixable', () => {
  it('has active findings with a fix, in packages of the distribution', () => {
    const [one] = finding('CVE-1').packages;
    assert.ok(one);
    const findings = [
      finding('CVE-1'),
      finding('CVE-2', { packages: [{ ...one, fixedVersion: null }] }),
      finding('CVE-3', { packages: [{ ...one, kind: 'language' }] }),
      finding('CVE-4', { status: 'suppressed' }),
    ];
    assert.deepEqual(fixable(findings), [
      { vulnerability: 'CVE-1', package: 'libssl1.1', fixedVersion: NEW },
    ]);
  });
});
