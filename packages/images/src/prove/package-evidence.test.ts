import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { packageOf, viewOf } from '../inventory/image-files.fixture.ts';
import type { CommandOutput } from '../script/command.ts';
import { comparePackages } from './compare-packages.ts';
import { inventory, NEW, OLD } from './evidence.fixture.ts';
import { gatherPackageEvidence, type EvidenceRequest } from './package-evidence.ts';
import { scriptedSession } from './session.fixture.ts';

const SUM = 'd41d8cd98f00b204e9800998ecf8427e';
type Answers = Readonly<Record<string, Partial<CommandOutput>>>;

function request(given: Partial<EvidenceRequest>, answers: { before?: Answers; after?: Answers } = {}) {
  const sessions = {
    before: scriptedSession(answers.before ?? {}),
    after: scriptedSession(answers.after ?? {}),
  };
  const view = viewOf({});
  const whole: EvidenceRequest = {
    format: 'deb',
    diff: comparePackages(inventory(OLD), inventory(NEW)),
    wanted: 'downloaded',
    files: { before: view, after: view },
    sessions,
    aptOptions: ['-o', 'Dir::Etc::sourcelist=/dev/null'],
    ...given,
  };
  return { whole, sessions };
}

describe('gatherPackageEvidence', () => {
  it('downloads each changed package of apt again, on the image before, in exactly its version', async () => {
    const { whole, sessions } = request(
      {},
      {
        before: {
          '--contents': { stdout: '-rw-r--r-- root/root 1 2024-01-01 00:00 ./usr/x\n' },
          '--info': { stdout: `${SUM}  usr/x\n` },
        },
      },
    );
    const evidence = await gatherPackageEvidence(whole);
    assert.deepEqual(
      evidence.map(({ name, source, after }) => [name, source, after.get('/usr/x')?.hash?.value]),
      [
        ['libssl1.1', 'downloaded', SUM],
        ['openssl', 'downloaded', SUM],
      ],
    );
    const download = sessions.before.asked.find(({ argv }) => argv.includes('download'));
    assert.deepEqual(download?.argv.slice(-3), ['--', `libssl1.1:amd64=${NEW}`, `openssl:amd64=${NEW}`]);
    assert.deepEqual(sessions.after.asked, []);
  });

  it('finds a file whose version has an epoch, and packages without sums', async () => {
    const [before, after] = [
      { ...inventory(OLD), packages: [packageOf({ name: 'git', version: '1:2.30', architecture: 'all' })] },
      { ...inventory(OLD), packages: [packageOf({ name: 'git', version: '1:2.31', architecture: 'all' })] },
    ];
    const { whole, sessions } = request(
      { diff: comparePackages(before, after) },
      { before: { '--info': { exitCode: 2 } } },
    );
    const [evidence] = await gatherPackageEvidence(whole);
    assert.equal(evidence?.after.size, 0);
    const lines = sessions.before.asked.map(({ argv }) => argv.join(' '));
    assert.ok(lines.some((line) => line.endsWith('/git_1%3a2.31_all.deb md5sums')));
    assert.ok(lines.some((line) => line.endsWith('-- git=1:2.31')));
  });

  it('says what could not be had when the mirror does not have the package', async () => {
    const { whole } = request({}, { before: { download: { exitCode: 100, stderr: 'E: not found' } } });
    await assert.rejects(gatherPackageEvidence(whole), {
      code: 'images/proof-missing-evidence',
      message: /E: not found/,
    });
  });

  it('reads the records of dpkg when it is told to, with or without the architecture in their names', async () => {
    const info = '/var/lib/dpkg/info';
    const after = viewOf({
      [`${info}/libssl1.1:amd64.md5sums`]: `${SUM}  a\n`,
      [`${info}/openssl.list`]: '/b\n',
    });
    const { whole, sessions } = request({ wanted: 'database', files: { before: viewOf({}), after } });
    const evidence = await gatherPackageEvidence(whole);
    assert.deepEqual(
      evidence.map(({ source, after: files }) => [source, ...files.keys()]),
      [
        ['database', '/a'],
        ['database', '/b'],
      ],
    );
    assert.deepEqual(sessions.before.asked, []);
  });

  it('asks rpm on both images, and apk by its database', async () => {
    const rpm = request(
      { format: 'rpm' },
      { after: { '--dump': { stdout: `/usr/x 1 1 ${'a'.repeat(64)} 0100644 root root 0 0 0 X\n` } } },
    );
    const [first] = await gatherPackageEvidence(rpm.whole);
    assert.deepEqual([first?.source, first?.before.size, first?.after.size], ['database', 0, 1]);
    assert.ok(rpm.sessions.before.asked.every(({ argv }) => argv.at(-2) === '--'));
    const apk = request({
      format: 'apk',
      files: {
        before: viewOf({}),
        after: viewOf({ '/lib/apk/db/installed': 'P:openssl\nF:bin\nR:openssl\n' }),
      },
    });
    const [, openssl] = await gatherPackageEvidence(apk.whole);
    assert.deepEqual([...(openssl?.after.keys() ?? [])], ['/bin/openssl']);
  });

  it('asks nothing when nothing changed', async () => {
    const { whole, sessions } = request({ diff: comparePackages(inventory(OLD), inventory(OLD)) });
    assert.deepEqual(await gatherPackageEvidence(whole), []);
    assert.deepEqual(sessions.before.asked, []);
  });
});
