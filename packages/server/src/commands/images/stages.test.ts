import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createStages, type Stages } from './stages.ts';

/** `write` collects in `written`; each stage takes two seconds and a half. */
function stagesOn({ isTerminal = false, quiet = false }: { isTerminal?: boolean; quiet?: boolean }): {
  stages: Stages;
  written: string[];
  kept: string[];
} {
  const written: string[] = [];
  const kept: string[] = [];
  let now = 0;
  const on = {
    isTerminal,
    closed: false,
    write: async (text: string) => void written.push(text),
    paint: (_: unknown, text: string) => text,
  };
  const stages = createStages(on, {
    quiet,
    keep: (stage, line) => kept.push(`${stage}: ${line}`),
    now: () => (now += 1_250),
  });
  return { stages, written, kept };
}

describe('createStages', () => {
  it('says in one line what a stage took and what came of it, and keeps its lines', async () => {
    const { stages, written, kept } = stagesOn({});
    const work = async (log: (line: string) => void): Promise<number> => {
      log('one');
      log('two');
      return 2;
    };
    assert.equal(await stages.run('scan', work, (count) => `${count} findings`), 2);
    assert.deepEqual(written, ['scan       1.3 s  2 findings\n']);
    assert.deepEqual(kept, ['scan: one', 'scan: two']);
  });

  it('says that a stage failed, and lets its error through', async () => {
    const { stages, written } = stagesOn({});
    const failing = stages.run(
      'build',
      async () => Promise.reject(new Error('no space')),
      () => 'never',
    );
    await assert.rejects(failing, /no space/);
    assert.deepEqual(written, ['build      1.3 s  failed\n']);
  });

  it('shows a running stage on a terminal without what steers it, and takes that away', async () => {
    const { stages, written } = stagesOn({ isTerminal: true });
    await stages.run(
      'build',
      async (log) => log('\u001B[2J\rSetting up libssl'),
      () => 'done',
    );
    assert.match(written[0] ?? '', /^\rbuild {6}1\.3 s {2} *$/);
    assert.match(written.at(-2) ?? '', /^\r +\r$/);
    assert.match(written.at(-1) ?? '', /^build .* done\n$/);
    assert.ok(written.every((text) => !text.includes('\u001B')));
  });

  it('is silent when it is told to, and keeps the lines all the same', async () => {
    const { stages, written, kept } = stagesOn({ quiet: true, isTerminal: true });
    await stages.run(
      'plan',
      async (log) => log('asking'),
      () => 'done',
    );
    assert.deepEqual([written, kept], [[], ['plan: asking']]);
  });
});
