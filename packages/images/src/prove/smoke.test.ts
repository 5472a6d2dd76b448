import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Command, CommandOutput } from '../script/command.ts';
import { entry, file, image } from './evidence.fixture.ts';
import type { LayerEntry } from './layer.ts';
import { scriptedSession } from './session.fixture.ts';
import { runSmokeTests, type SmokeRequest } from './smoke.ts';
import { withLayer } from './tree.ts';

const OWN: Command = { purpose: 'mine', argv: ['mine'], env: {}, accepts: [0, 3], timeout: 1, input: null };

async function problems(
  answers: Readonly<Record<string, Partial<CommandOutput>>>,
  given: Partial<SmokeRequest> = {},
): Promise<readonly (readonly [string, string | null])[]> {
  const session = scriptedSession(answers);
  const tree = withLayer(new Map(), [file('/usr/bin/ldd', 'x')]);
  const whole = {
    session,
    image: image('d', ['1']),
    format: 'deb',
    tree,
    layer: [],
    commands: [],
    ...given,
  } as const;
  const results = await runSmokeTests(whole);
  return results.map(({ argv, problem }) => [argv.join(' '), problem]);
}

function program(path: string): LayerEntry {
  const made = file(path, 'x');
  return { ...made, content: made.content === null ? null : { ...made.content, elf: true } };
}

describe('runSmokeTests', () => {
  it('asks dpkg and apt whether all is whole', async () => {
    const results = await problems({
      '--audit': { stdout: 'openssl is half installed\n' },
      check: { exitCode: 100, stderr: 'unmet' },
    });
    assert.deepEqual(results, [
      ['dpkg --audit', 'ended with 0: openssl is half installed'],
      ['apt-get check -qq', 'ended with 100: unmet'],
    ]);
  });

  it('looks whether new programs find their libraries, a hundred at a time', async () => {
    const layer = Array.from({ length: 120 }, (_, at) => program(`/usr/bin/p${at}`));
    const lib = program('/usr/lib/ld-2.31.so');
    const session = scriptedSession({
      '/usr/bin/p100': { stdout: '\tlibnone.so.1 => not found\n', exitCode: 0 },
    });
    const tree = withLayer(new Map(), [file('/usr/bin/ldd', 'x')]);
    const results = await runSmokeTests({
      session,
      image: image('d', ['1']),
      format: 'deb',
      tree,
      layer: [...layer, lib, file('/etc/text', 'x'), entry('/usr', 'directory')],
      commands: [],
    });
    const ldd = session.asked.filter(({ argv }) => argv[0] === '/usr/bin/ldd');
    assert.deepEqual(
      ldd.map(({ argv }) => argv.length),
      [101, 21],
    );
    assert.deepEqual(
      results.map(({ problem }) => problem).filter((problem) => problem !== null),
      ['libnone.so.1 => not found'],
    );
  });

  it('takes static programs as they are, and an ldd that died not', async () => {
    const layer = [program('/usr/bin/static')];
    const [, , fine] = await problems(
      { static: { exitCode: 1, stderr: 'not a dynamic executable' } },
      { layer },
    );
    assert.equal(fine?.[1], null);
    const [, , died] = await problems({ static: { exitCode: null } }, { layer });
    assert.equal(died?.[1], 'ldd could not tell');
    assert.equal((await problems({}, { layer, tree: new Map() })).length, 2);
  });

  const starts: readonly (readonly [string, Partial<CommandOutput>, boolean])[] = [
    ['prints its version', { exitCode: 0 }, true],
    ['does not know the option', { exitCode: 1 }, true],
    ['runs until it is stopped', { exitCode: null, took: 10_000 }, true],
    ['is killed at once', { exitCode: null, took: 5 }, false],
    ['is not there', { exitCode: 127 }, false],
    ['may not be run', { exitCode: 126 }, false],
    ['crashes', { exitCode: 139 }, false],
  ];
  for (const [what, output, good] of starts) {
    it(`${good ? 'accepts' : 'refuses'} an entrypoint that ${what}`, async () => {
      const started = image('d', ['1'], { Entrypoint: ['/app', 'serve'] });
      const results = await problems({ '/app --version': output }, { image: started });
      assert.equal(results.at(-1)?.[0], '/app --version');
      assert.equal(results.at(-1)?.[1] === null, good);
    });
  }

  it("runs the caller's commands by their own codes, all of them", async () => {
    const commands = [OWN, { ...OWN, argv: ['yours'] }, { ...OWN, argv: ['theirs'] }];
    const results = await problems(
      { mine: { exitCode: 3 }, yours: { exitCode: 1, stdout: 'no' } },
      { commands },
    );
    assert.deepEqual(results.slice(2), [
      ['mine', null],
      ['yours', 'ended with 1: no'],
      ['theirs', null],
    ]);
  });
});
