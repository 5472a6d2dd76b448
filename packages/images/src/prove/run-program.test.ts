import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runProgram, type ProgramOptions } from './run-program.ts';

function node(script: string, given: Partial<ProgramOptions> = {}) {
  const signal = new AbortController().signal;
  return runProgram([process.execPath, '-e', script], {
    env: {},
    signal,
    timeout: 60_000,
    maxOutput: 1_000,
    ...given,
  });
}

describe('runProgram', () => {
  it('gives what was printed, and the code', async () => {
    const { exitCode, stdout, stderr } = await node(
      'console.log("out"); console.error("err"); process.exitCode = 3',
    );
    assert.deepEqual([exitCode, stdout.toString(), stderr], [3, 'out\n', 'err\n']);
  });

  it('shows the program only the environment that it is given', async () => {
    const { stdout } = await node('console.log(Object.keys(process.env).join())', { env: { ONLY: '1' } });
    assert.equal(stdout.toString().trim(), 'ONLY');
  });

  it('stops a program that prints too much, takes too long, or is no longer wanted', async () => {
    const endless = 'setInterval(() => {}, 1000)';
    await assert.rejects(node('process.stdout.write("x".repeat(100000))'), /printed more than 1000 bytes/);
    await assert.rejects(node(endless, { timeout: 1 }));
    await assert.rejects(node(endless, { signal: AbortSignal.abort() }), { name: 'AbortError' });
  });

  it('rejects when there is no such program', async () => {
    const options = { env: {}, signal: new AbortController().signal, timeout: 1_000, maxOutput: 1 };
    await assert.rejects(runProgram(['/nowhere/program'], options), { code: 'ENOENT' });
  });
});
