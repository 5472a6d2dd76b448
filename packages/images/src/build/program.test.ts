import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mustRun, plainEnv, runProgram } from './program.ts';

const node = (script: string) => [process.execPath, '-e', script];

describe('runProgram', () => {
  it('gives input, and returns both outputs and the exit code', async () => {
    const script = 'process.stdin.pipe(process.stdout); process.stderr.write("err"); process.exitCode = 4';
    const output = await runProgram({ argv: node(script), input: 'text' });
    assert.deepEqual([output.exitCode, output.stdout, output.stderr], [4, 'text', 'err']);
  });

  it('shows nothing of the environment of this process', async () => {
    process.env['CALLBOARD_TEST_SECRET'] = 'x';
    const output = await runProgram({ argv: node('console.log(JSON.stringify(process.env))') });
    delete process.env['CALLBOARD_TEST_SECRET'];
    assert.doesNotMatch(output.stdout, /CALLBOARD_TEST_SECRET/);
    assert.deepEqual(Object.keys(plainEnv()), ['PATH', 'LC_ALL', 'HOME']);
  });

  it('keeps the end of long outputs, cut between characters', async () => {
    const output = await runProgram({
      argv: node('process.stdout.write("é".repeat(3e6)); process.stdout.write("!")'),
    });
    assert.ok(
      output.stdout.length <= 4 * 1024 * 1024 &&
        output.stdout.endsWith('é!') &&
        !output.stdout.includes('\ufffd'),
    );
  });

  it('passes lines on as they come, of a bounded length and number', async () => {
    const lines: string[] = [];
    const script =
      'console.log("one"); console.log("x".repeat(9000)); for (let i = 0; i < 9000; i++) console.log(i)';
    await runProgram({ argv: node(script), onLine: (line) => lines.push(line) });
    assert.deepEqual(
      [lines[0], lines[1]?.length, lines.length, lines.at(-1)],
      ['one', 2000, 5001, '… more lines than a log can hold'],
    );
  });

  it('kills what takes too long, and what is to stop', async () => {
    const argv = node('setInterval(() => {}, 1000)');
    await assert.rejects(runProgram({ argv, timeout: 50 }), { code: 'images/build-timeout' });
    const stop = new AbortController();
    const stopped = assert.rejects(runProgram({ argv, signal: stop.signal }), {
      code: 'images/build-stopped',
    });
    stop.abort();
    await stopped;
    await assert.rejects(runProgram({ argv, signal: stop.signal }), { code: 'images/build-stopped' });
  });

  it('does not mind a program that reads nothing, but a source that fails', async () => {
    async function* endless(): AsyncGenerator<Buffer> {
      for (;;) yield Buffer.alloc(65_536);
    }
    assert.equal((await runProgram({ argv: node('process.exit(7)'), input: endless() })).exitCode, 7);
    async function* failing(): AsyncGenerator<Buffer> {
      yield Buffer.from('x');
      throw new Error('the source is gone');
    }
    await assert.rejects(
      runProgram({ argv: node('process.stdin.resume()'), input: failing() }),
      /the source is gone/,
    );
  });

  it('says which program is not there', async () => {
    await assert.rejects(runProgram({ argv: ['/no/such/program'] }), { code: 'images/build-failed' });
    await assert.rejects(runProgram({ argv: [] }), { code: 'images/build-bad-command' });
  });
});

describe('mustRun', () => {
  it('names failures, and a full disk by its own name', async () => {
    await assert.rejects(mustRun({ argv: node('console.error("bad"); process.exit(1)') }), {
      code: 'images/build-failed',
      message: /bad/,
    });
    const full = node('console.error("write: No space left on device"); process.exit(2)');
    await assert.rejects(mustRun({ argv: full }), { code: 'images/build-disk-full' });
  });
});
