import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startMeasured } from './measure.ts';
import { memoryOf, processTree } from './process-tree.ts';

/** A parent that waits for its child; both say when they run. */
const CHILD = `console.log('child', process.pid); setInterval(() => {}, 1000);`;
const PARENT = `
  const { spawn } = require('node:child_process');
  spawn(process.execPath, ['-e', ${JSON.stringify(CHILD)}], { stdio: 'inherit' });
  setInterval(() => {}, 1000);`;
const SERVER = `
  const server = require('node:http').createServer((request, response) => {
    response.writeHead(request.url === '/ready' ? 200 : 404).end();
  });
  server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log(server.address().port));`;

function startNode(source: string, ready: RegExp | string, env: Record<string, string> = {}) {
  return startMeasured({ command: process.execPath, args: ['-e', source], env, ready, timeoutSeconds: 30 });
}

describe('startMeasured', () => {
  it('measures the process with its children and stops them all', async () => {
    const measured = await startNode(PARENT, /^child \d+$/);
    assert.ok(measured.readyMs > 0);
    const child = Number(measured.readyLine?.split(' ')[1]);
    const tree = await processTree(measured.pid);
    assert.deepEqual(
      tree.map(({ pid }) => pid),
      [measured.pid, child],
    );
    const both = await measured.memory();
    const one = await memoryOf(child);
    assert.equal(both.processes, 2);
    assert.equal(one.processes, 1);
    assert.ok(one.rss > 10_000_000 && both.rss > one.rss + 10_000_000);
    assert.ok(both.peakRss >= both.rss * 0.9);

    await measured.stop();
    for (const pid of [measured.pid, child]) assert.deepEqual(await processTree(pid), []);
    assert.deepEqual(await measured.memory(), { rss: 0, peakRss: 0, processes: 0 });
    await measured.stop();
  });

  it('waits for a URL to answer 2xx', async () => {
    const probe = await startNode(SERVER, /^\d+$/, { PORT: '0' });
    const port = probe.readyLine ?? '';
    await probe.stop();
    await using measured = await startNode(SERVER, `http://127.0.0.1:${port}/ready`, { PORT: port });
    assert.equal(measured.readyLine, null);
    assert.equal((await fetch(`http://127.0.0.1:${port}/ready`)).status, 200);
  });

  it('rejects with the last output when the command ends before it is ready', async () => {
    await assert.rejects(
      startNode(`console.error('no luck'); process.exit(3)`, /ready/),
      /exit code 3[^]*no luck/,
    );
  });

  it('rejects and stops the command when it is not ready in time', async () => {
    const args = ['-c', 'echo child $$; exec sleep 60'];
    const starting = startMeasured({ command: 'sh', args, ready: /never/, timeoutSeconds: 1 });
    const error: unknown = await starting.catch((reason: unknown) => reason);
    assert.ok(error instanceof Error && /was not ready within 1 s/.test(error.message));
    const pid = Number(/child (\d+)/.exec(error.message)?.[1]);
    assert.ok(pid > 0);
    assert.deepEqual(await processTree(pid), []);
  });

  it('rejects when the command does not exist, and for a URL that is not loopback', async () => {
    await assert.rejects(startMeasured({ command: '/nonexistent/command', ready: /x/ }), /ENOENT/);
    await assert.rejects(
      startMeasured({ command: 'true', ready: 'http://192.0.2.1/' }),
      /loopback addresses only/,
    );
  });
});
