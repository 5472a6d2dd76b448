/** docker-registry on loopback, for what runs only where it is installed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface DockerRegistry extends AsyncDisposable {
  /** As `127.0.0.1:12345`. */
  readonly host: string;
}

/** Keeps everything in `folder`; `extra` is added to its configuration. */
export async function startDockerRegistry(folder: string, extra = ''): Promise<DockerRegistry> {
  const host = `127.0.0.1:${await freePort()}`;
  const config = join(folder, 'registry.yml');
  const storage = `storage: {filesystem: {rootdirectory: ${join(folder, 'data')}}, delete: {enabled: true}}`;
  await writeFile(config, `version: 0.1\n${storage}\nhttp: {addr: "${host}"}\n${extra}`);
  const child = spawn('docker-registry', ['serve', config], { stdio: 'ignore' });
  const ended = once(child, 'exit').catch(() => undefined);
  const stop = async (): Promise<void> => {
    child.kill();
    await ended;
  };
  for (let tries = 0; tries < 100; tries += 1) {
    if (await fetch(`http://${host}/v2/`).catch(() => null)) return { host, [Symbol.asyncDispose]: stop };
    await sleep(100);
  }
  await stop();
  throw new Error('docker-registry does not start');
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
