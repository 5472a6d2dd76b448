/** Small rpm packages that rpmbuild makes of a few words, and repositories of them that are served on loopback. */
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join, normalize } from 'node:path';
import { runProgram } from './machine.fixture.ts';

export interface RpmPackage {
  /** Also the name of the source package. */
  readonly name: string;
  /** `[epoch:]version-release`. */
  readonly evr: string;
  /** Lines of the head of the spec, as `Requires: other`. */
  readonly head?: readonly string[];
  /** Path → text of a file, or the path of a program of this machine. */
  readonly files?: Readonly<Record<string, RpmFile>>;
  /** Another binary package of the same source: what follows the dash of its name → the same of it. */
  readonly parts?: Readonly<Record<string, Pick<RpmPackage, 'head' | 'files'>>>;
}

/** `copy`: a program of this machine, with the version behind it. `config`: kept where somebody edited it. */
export type RpmFile = string | { readonly copy: string } | { readonly config: string };

/** Builds the packages into the folder and makes it a repository. */
export async function makeRepository(folder: string, packages: readonly RpmPackage[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const one of packages) await build(folder, one);
  await runProgram(['createrepo_c', '--quiet', folder]);
}

async function build(folder: string, one: RpmPackage): Promise<void> {
  const work = `${folder}.build`;
  await mkdir(work, { recursive: true });
  const spec = join(work, `${one.name}.spec`);
  await writeFile(spec, specOf(one));
  const defines = [
    `_topdir ${work}`,
    `_rpmdir ${folder}`,
    'debug_package %{nil}',
    '__os_install_post %{nil}',
  ];
  await runProgram([
    'rpmbuild',
    '-bb',
    '--target=x86_64',
    ...defines.flatMap((define) => ['--define', define]),
    spec,
  ]);
}

function specOf({ name, evr, head = [], files = {}, parts = {} }: RpmPackage): string {
  const [, epoch, version = '', release = ''] = /^(?:(\d+):)?([^-]+)-(.+)$/.exec(evr) ?? [];
  const lines = [
    `Name: ${name}`,
    ...(epoch === undefined ? [] : [`Epoch: ${epoch}`]),
    `Version: ${version}`,
    `Release: ${release}`,
    ...SAID,
    ...head,
    '%description',
    'A demonstration.',
  ];
  for (const [part, { head: more = [] }] of Object.entries(parts)) {
    lines.push(
      `%package ${part}`,
      'Summary: a part',
      'AutoReqProv: no',
      ...more,
      `%description ${part}`,
      'A demonstration.',
    );
  }
  lines.push('%install');
  const all = { ...files, ...Object.assign({}, ...Object.values(parts).map((part) => part.files ?? {})) };
  for (const [path, file] of Object.entries<RpmFile>(all)) lines.push(...install({ path, file, evr }));
  lines.push('%files', ...Object.entries(files).map(listed));
  for (const [part, { files: own = {} }] of Object.entries(parts)) {
    lines.push(`%files ${part}`, ...Object.entries(own).map(listed));
  }
  return `${lines.join('\n')}\n`;
}

const SAID = ['Summary: a demonstration', 'License: MIT', 'AutoReqProv: no'];

function install(one: { readonly path: string; readonly file: RpmFile; readonly evr: string }): string[] {
  const { path, file, evr } = one;
  const to = `%{buildroot}${path}`;
  if (typeof file === 'object' && 'copy' in file) {
    return [`install -D -m 0755 ${file.copy} ${to}`, `echo '${evr}' >> ${to}`];
  }
  const text = typeof file === 'string' ? file : file.config;
  return [`install -D -m 0644 /dev/null ${to}`, `cat > ${to} <<'END'`, text, 'END'];
}

function listed([path, file]: [string, RpmFile]): string {
  return typeof file === 'object' && 'config' in file ? `%config(noreplace) ${path}` : path;
}

export interface ServedFolder extends AsyncDisposable {
  /** Without a slash at the end. */
  readonly url: string;
}

/** Files below the folder, over plain HTTP; 404 for anything else. */
export async function serveFolder(folder: string): Promise<ServedFolder> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const file = createReadStream(join(folder, normalize(decodeURIComponent(pathname))));
    file.once('open', () => file.pipe(response));
    file.once('error', () => response.writeHead(404).end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No free port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
