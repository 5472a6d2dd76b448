/**
 * A real cosign for the tests: the package of Debian 13, which runs on older ones too. apt checks its signature; it is
 * unpacked into an ignored folder and not installed.
 */
import { mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { machineMirror, runProgram } from '../../real/machine.fixture.ts';

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
const cache = fileURLToPath(new URL('../../real/.cache', import.meta.url));

/** The path of the program; fetched (25 MB) the first time only. */
export async function installCosign(): Promise<string> {
  const program = join(cache, 'cosign-trixie');
  if ((await stat(program).catch(() => null)) !== null) return program;
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'fetch-'));
  try {
    const { main } = await machineMirror();
    const sources = join(folder, 'sources.list');
    await writeFile(sources, `deb [signed-by=${KEYRING}] ${main} trixie main\n`);
    for (const name of ['lists/partial', 'cache/archives/partial'])
      await mkdir(join(folder, name), { recursive: true });
    const settings = [
      `Dir::Etc::SourceList=${sources}`,
      'Dir::Etc::SourceParts=/dev/null',
      `Dir::State::Lists=${join(folder, 'lists')}`,
      `Dir::Cache=${join(folder, 'cache')}`,
      'APT::Sandbox::User=root',
      'Acquire::Languages=none',
    ];
    const apt = ['apt-get', '-qq', ...settings.flatMap((setting) => ['-o', setting])];
    await runProgram([...apt, 'update'], { cwd: folder });
    await runProgram([...apt, 'download', 'cosign'], { cwd: folder });
    const archive = (await readdir(folder)).find((name) => name.endsWith('.deb'));
    if (archive === undefined) throw new Error('apt-get downloaded no package.');
    await runProgram(['dpkg-deb', '--extract', archive, 'root'], { cwd: folder });
    await rename(join(folder, 'root/usr/bin/cosign'), program);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return program;
}
