/** A real registry on loopback, in a folder of its own, for tests that have `docker-registry` installed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RegistryClient } from '../image/registry-client.ts';
import { createRegistryClient } from '../image/registry.ts';

export interface TestRegistry extends AsyncDisposable {
  /** Host and port. */
  readonly registry: string;
  readonly client: RegistryClient;
  /** Every request that was answered, as `PUT /v2/…`. */
  readonly requests: string[];
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

export async function startRegistry(): Promise<TestRegistry> {
  const folder = await mkdtemp(join(tmpdir(), 'callboard-registry-'));
  const registry = `127.0.0.1:${await freePort()}`;
  const storage = `storage: { filesystem: { rootdirectory: ${folder}/data }, delete: { enabled: true } }`;
  await writeFile(
    join(folder, 'config.yml'),
    `version: 0.1\nlog: { level: error }\n${storage}\nhttp: { addr: '${registry}' }\n`,
  );
  const server = spawn('docker-registry', ['serve', join(folder, 'config.yml')], {
    stdio: 'ignore',
    env: { PATH: '/usr/bin' },
  });
  const closed = once(server, 'close');
  closed.catch(() => {});
  await untilReady(registry);
  const requests: string[] = [];
  const client = createRegistryClient({
    fetch: (input, init) => {
      const url = input instanceof Request ? input.url : String(input);
      requests.push(`${init?.method ?? 'GET'} ${new URL(url).pathname}`);
      return fetch(input, init);
    },
    now: Date.now,
    random: Math.random,
  });
  return {
    registry,
    client,
    requests,
    async [Symbol.asyncDispose]() {
      server.kill('SIGKILL');
      await closed;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function untilReady(registry: string): Promise<void> {
  for (let tried = 0; ; tried += 1) {
    try {
      const answer = await fetch(`http://${registry}/v2/`);
      await answer.body?.cancel();
      return;
    } catch (error) {
      if (tried === 100) {
        throw error;
      }
      await sleep(50);
    }
  }
}
