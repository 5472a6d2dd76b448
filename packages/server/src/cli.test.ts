import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import {
  ask,
  codeOf,
  component,
  EXAMPLES,
  folderOf,
  launch,
  run,
  startReady,
} from './commands/callboard.fixture.ts';

const ESCAPE = '\u001B';
const COMMANDS = [
  'start',
  'validate',
  'catalog import',
  'catalog export',
  'images scan',
  'images plan',
  'images patch',
  'images prove',
  'images promote',
  'images rollback',
  'images import',
  'images status',
  'config print',
  'config check',
];

describe('callboard', () => {
  it('lists all commands for --help, -h and help, on standard output', async () => {
    await using folder = await folderOf();
    const [long, short, word] = await Promise.all(
      ['--help', '-h', 'help'].map((arg) => ask([arg], { cwd: folder.path })),
    );
    for (const name of COMMANDS) assert.match(long?.out ?? '', new RegExp(`callboard ${name} `));
    assert.deepEqual([long?.code, long?.err], [0, '']);
    assert.deepEqual(short, long);
    assert.deepEqual(word, long);
  });

  it('explains each command, its options and an example', async () => {
    await using folder = await folderOf();
    const helps = await Promise.all(
      COMMANDS.map((name) => ask([...name.split(' '), '--help'], { cwd: folder.path })),
    );
    for (const [index, name] of COMMANDS.entries()) {
      const { code, out, err } = helps[index] ?? {};
      assert.deepEqual([code, err], [0, '']);
      assert.ok(out?.startsWith(`callboard ${name} `));
      assert.match(out ?? '', new RegExp(`\n  callboard ${name}.*\n$`));
      assert.match(out ?? '', /--json/);
    }
  });

  it('tells its version', async () => {
    await using folder = await folderOf();
    const { code, out } = await ask(['--version'], { cwd: folder.path });
    assert.equal(code, 0);
    assert.match(out, /^callboard \d+\.\d+\.\d+ \(Node \d+\.\d+\.\d+\)\n$/);
  });

  it('exits with 2 and one line when it is called wrongly', async () => {
    await using folder = await folderOf();
    const cases: readonly (readonly [string[], RegExp])[] = [
      [['bogus'], /^callboard: There is no command 'bogus'. See callboard --help.\n$/],
      [['catalog'], /^callboard: Commands are: catalog import, catalog export. See callboard --help.\n$/],
      [['--json', 'start'], /^callboard: The command comes first/],
      [
        ['validate', '--bogus'],
        /^callboard validate: Unknown option '--bogus'. See callboard validate --help.\n$/,
      ],
      [
        ['config', 'check', '--config'],
        /^callboard config check: Option '--config <value>' argument missing. See .*\n$/,
      ],
      [['validate'], /^callboard validate: It takes files, folders or globs. See .*\n$/],
      [['start', 'now'], /^callboard start: It takes no argument 'now'. See .*\n$/],
      [
        ['catalog', 'export', '--format', 'xml'],
        /^callboard catalog export: --format is yaml or json. See .*\n$/,
      ],
    ];
    const results = await Promise.all(cases.map(([args]) => ask(args, { cwd: folder.path })));
    for (const [index, [args, expected]] of cases.entries()) {
      const { code, out, err } = results[index] ?? {};
      assert.deepEqual([code, out], [2, ''], args.join(' '));
      assert.match(err ?? '', expected);
    }
    const { code, out, err } = await ask([], { cwd: folder.path });
    assert.deepEqual([code, out], [2, '']);
    assert.match(err, /callboard start /);
  });

  it('takes what is behind -- as names, not as options', async () => {
    await using folder = await folderOf({ '--help': component('dashes') });
    const { code, out } = await ask(['validate', '--', '--help'], { cwd: folder.path });
    assert.deepEqual([code, out], [0, '1 file, 1 entity: no problems\n']);
  });

  it('paints on request only', async () => {
    await using folder = await folderOf({ 'a.yaml': 'kind: Component\n' });
    const at = (env: Record<string, string>) => run(['validate', 'a.yaml'], { cwd: folder.path, env });
    const [plain, painted, refused] = await Promise.all([
      at({}),
      at({ FORCE_COLOR: '1' }),
      at({ NO_COLOR: '1' }),
    ]);
    assert.ok(!plain.out.includes(ESCAPE));
    assert.ok(painted.out.includes(`${ESCAPE}[31merror${ESCAPE}`));
    assert.equal(refused.out, plain.out);
  });

  it('starts relative paths where npm was called, and the configuration where npm runs', async () => {
    await using folder = await folderOf({
      'package.json': '{}',
      'app-config.yaml': 'app: { title: Root }\n',
      'docs/a.yaml': component('a'),
    });
    const env = { INIT_CWD: join(folder.path, 'docs'), npm_package_json: join(folder.path, 'package.json') };
    const [valid, printed, elsewhere] = await Promise.all([
      run(['validate', 'a.yaml'], { cwd: folder.path, env }),
      run(['config', 'print'], { cwd: folder.path, env }),
      // Whatever npm's script starts in another folder inherits the variables.
      run(['validate', 'a.yaml'], { cwd: join(folder.path, 'docs'), env: { ...env, INIT_CWD: '/nowhere' } }),
    ]);
    assert.deepEqual([valid.code, valid.out], [0, '1 file, 1 entity: no problems\n']);
    assert.match(printed.out, /title: Root/);
    assert.equal(elsewhere.code, 0);
  });

  it('ends quietly, with the exit code of its work, when its reader goes away', async () => {
    await using folder = await folderOf({
      'app-config.yaml': 'catalog: { rules: [{ allow: [Component, Location] }] }\n',
    });
    const names = Array.from({ length: 300 }, (_, i) => component(`c${i}-${'x'.repeat(40)}`));
    await using many = await folderOf({ 'many.yaml': names.join('---\n') });
    assert.equal((await run(['catalog', 'import', many.path], { cwd: folder.path })).code, 0);
    const read = async (args: string[]) => {
      const child = launch(args, { cwd: folder.path });
      const ended = codeOf(child);
      child.stdout?.once('data', () => child.stdout?.destroy());
      let err = '';
      child.stderr?.on('data', (data) => (err += String(data)));
      return { code: await ended, err };
    };
    assert.deepEqual(await read(['catalog', 'export']), { code: 0, err: '' });
    assert.deepEqual(await read(['validate', join(EXAMPLES, 'broken')]), { code: 1, err: '' });
  });
});

describe('callboard on a Node before 24', () => {
  const old = olderNode();
  const skip = old === null ? 'there is no Node before 24 on this machine' : false;
  const node = old ?? '';

  it('hands over to the newer one, with arguments and exit codes', { skip }, async () => {
    await using folder = await folderOf({ 'a.yaml': 'kind: Component\n' });
    const at = (...args: string[]) => run(args, { cwd: folder.path, node });
    const [version, wrong, broken] = await Promise.all([
      at('--version'),
      at('bogus'),
      at('validate', 'a.yaml'),
    ]);
    assert.match(version.out, /\(Node 2[4-9]\./);
    assert.deepEqual([version.code, version.err], [0, '']);
    assert.equal(wrong.code, 2);
    assert.equal(broken.code, 1);
    assert.match(broken.out, /^a\.yaml:1/);
  });

  it('passes signals on', { skip }, async () => {
    await using folder = await folderOf({
      'app-config.yaml': "backend: { listen: { port: 0 }, database: { connection: ':memory:' } }\n",
    });
    await using portal = await startReady({ cwd: folder.path, node });
    const { code, lines } = await portal.stop('SIGTERM');
    assert.equal(code, 0);
    assert.match(lines.at(-1) ?? '', /"msg":"the portal stopped"/);
  });
});

/** A Node on this machine that cannot run the portal itself. */
function olderNode(): string | null {
  const folders = (process.env['PATH'] ?? '').split(':').filter((folder) => !folder.includes('node_modules'));
  for (const folder of ['/usr/local/bin', ...folders]) {
    const path = join(folder, 'node');
    try {
      const version = execFileSync(path, ['--version'], { encoding: 'utf8', stdio: 'pipe' });
      if (Number(/^v(\d+)/.exec(version)?.[1]) < 24) return path;
    } catch {
      continue;
    }
  }
  return null;
}
