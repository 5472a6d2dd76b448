import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { openBench, TEMPLATE, TEMPLATE_FILES } from './templates.fixture.ts';

const BASE = { 'README.md': '# yard\n', 'old.txt': 'old\n' };
const REPOSITORY = {
  'repo/README.md': '# yard\n',
  'repo/old.txt': 'old\n',
  'repo/own.ts': 'own\n',
  'repo/catalog-info.yaml': 'apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: { name: yard }\n',
};

async function archive(files: Readonly<Record<string, string>>): Promise<Uint8Array> {
  const packing = pack();
  for (const [name, text] of Object.entries(files)) packing.entry({ name }, text);
  packing.finalize();
  return gzipSync(await buffer(packing));
}

/** As much of a portal as an upgrade asks for. */
async function startPortal(answers: Readonly<Record<string, object | Uint8Array>>) {
  const asked: { url: string; token: string }[] = [];
  const server = createServer(({ url = '', headers }, response) => {
    asked.push({ url, token: headers.authorization ?? '' });
    const answer = answers[url];
    if (answer === undefined) response.writeHead(headers.authorization === undefined ? 401 : 404).end();
    else response.end(answer instanceof Uint8Array ? answer : JSON.stringify(answer));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

describe('callboard templates upgrade', () => {
  it('asks the portal what made the entity, and gives a patch that git applies', async () => {
    await using portal = await startPortal({
      '/api/scaffolder/v2/created?entityRef=component%3Adefault%2Fyard': {
        items: [
          {
            taskId: 't1',
            templateRef: 'template:default/service',
            templateVersion: '1',
            values: { name: 'yard' },
            createdAt: '2026-01-01T00:00:00Z',
          },
        ],
      },
      '/api/scaffolder/v2/tasks/t1/base': await archive(BASE),
    });
    await using bench = await openBench({ ...TEMPLATE_FILES, ...REPOSITORY }, { CALLBOARD_TOKEN: 'tkn' });
    const args = ['repo', '--portal', portal.url, '--template', 'template.yaml'];
    const shown = await bench.run('upgrade', ...args);
    assert.equal(shown.code, 0, shown.err);
    assert.equal(shown.out, 'template:default/service 1 → 2\n  A Dockerfile\n  D old.txt\n');
    assert.ok(portal.asked.every(({ token }) => token === 'Bearer tkn'));
    const { out: patch } = await bench.run('upgrade', ...args, '--patch', '-');
    const env = { PATH: process.env['PATH'] ?? '', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
    execFileSync('git', ['apply', '-'], { cwd: `${bench.path}/repo`, env, input: patch, stdio: 'pipe' });
    assert.equal(await bench.read('repo/Dockerfile'), 'EXPOSE 80\n');
    await assert.rejects(bench.read('repo/old.txt'));
    const again = await bench.run('upgrade', ...args, '--json');
    assert.deepEqual(JSON.parse(again.out), {
      template: 'template:default/service',
      from: '1',
      to: '2',
      changes: [],
      conflicts: [],
    });
  });

  it('works from files alone, writes into the folder, and marks what both changed', async () => {
    await using bench = await openBench({
      ...TEMPLATE_FILES,
      ...REPOSITORY,
      'repo/README.md': '# our yard\n',
      'values.yaml': 'name: the yard\n',
    });
    await bench.write({ 'base.tar.gz': await archive(BASE) });
    const args = ['repo', '--template', 'template.yaml', '--base', 'base.tar.gz', '--values', 'values.yaml'];
    const { code, out } = await bench.run('upgrade', ...args, '--write');
    assert.equal(code, 1);
    assert.match(
      out,
      /\n {2}M README\.md\n(?:.*\n)* {2}! README\.md: Both changed one place, which are marked\n$/,
    );
    const merged = '<<<<<<< repository\n# our yard\n=======\n# the yard\n>>>>>>> template 2\n';
    assert.equal(await bench.read('repo/README.md'), merged);
    await assert.rejects(bench.read('repo/old.txt'));
    assert.equal(await bench.read('repo/own.ts'), 'own\n');
  });

  it('puts the folder that was published where the repository has it, then and now', async () => {
    const publish = (input: string) => `publish\n      action: publish:git\n      input: ${input}`;
    const template = TEMPLATE.replace('url: ./skeleton', 'url: ./skeleton, targetPath: app').replace(
      /publish\n {6}action: publish:git\n.*/,
      publish("{ remoteUrl: 'https://git.example.com/o/app.git', sourcePath: app }"),
    );
    await using portal = await startPortal({
      '/api/scaffolder/v2/created?entityRef=component%3Adefault%2Fyard': {
        items: [
          {
            taskId: 't1',
            templateRef: 'template:default/service',
            templateVersion: '1',
            values: { name: 'yard' },
            createdAt: '2026-01-01T00:00:00Z',
          },
        ],
      },
      '/api/scaffolder/v2/tasks/t1/base': await archive({
        'made/yard/README.md': '# yard\n',
        'made/yard/old.txt': 'old\n',
        'other/notes.txt': 'x\n',
      }),
      '/api/scaffolder/v2/tasks/t1': {
        id: 't1',
        spec: {
          parameters: { name: 'yard' },
          steps: [
            {
              id: 'p',
              name: 'p',
              action: 'publish:git',
              input: { sourcePath: 'made/${{ parameters.name }}' },
            },
          ],
        },
      },
    });
    const files = { ...TEMPLATE_FILES, ...REPOSITORY, 'template.yaml': template };
    await using bench = await openBench(files, { CALLBOARD_TOKEN: 'tkn' });
    const shown = await bench.run('upgrade', 'repo', '--portal', portal.url, '--template', 'template.yaml');
    assert.equal(
      shown.out,
      'template:default/service 1 → 2, its folder app\n  A Dockerfile\n  D old.txt\n',
      shown.err,
    );
    assert.equal(shown.code, 0);
    assert.deepEqual(bench.portals, [portal.url]);
  });

  it('asks which of several published folders it is, unless a remote or --source-path says so', async () => {
    const second = `    - { id: docs, action: publish:git, input: { remoteUrl: 'https://git.example.com/o/docs.git', sourcePath: docs } }
  output:`;
    const template = TEMPLATE.replace('url: ./skeleton', 'url: ./skeleton, targetPath: docs').replace(
      '  output:',
      second,
    );
    const files = {
      ...TEMPLATE_FILES,
      ...REPOSITORY,
      'template.yaml': template,
      'values.yaml': 'name: yard\n',
    };
    await using bench = await openBench(files);
    await bench.write({
      'base.tar.gz': await archive({ 'docs/README.md': '# yard\n', 'docs/old.txt': 'old\n' }),
    });
    const args = ['repo', '--template', 'template.yaml', '--base', 'base.tar.gz', '--values', 'values.yaml'];
    const unclear = await bench.run('upgrade', ...args);
    assert.equal(unclear.code, 1);
    assert.match(unclear.err, /^The template publishes several folders: .*docs to o\/docs\. .*--source-path/);
    const expected = 'template:default/service 2, its folder docs\n  A Dockerfile\n  D old.txt\n';
    assert.equal((await bench.run('upgrade', ...args, '--source-path', './docs')).out, expected);
    const git = (...words: string[]) =>
      execFileSync('git', words, { cwd: `${bench.path}/repo`, stdio: 'pipe' });
    git('init', '-q');
    git('remote', 'add', 'origin', 'git@git.example.com:o/docs.git');
    assert.equal((await bench.run('upgrade', ...args)).out, expected);
    assert.deepEqual(bench.portals, [null, null, null]);
  });

  it('opens a pull request by the action of the forge', async () => {
    await using bench = await openBench({ ...TEMPLATE_FILES, ...REPOSITORY, 'values.yaml': 'name: yard\n' });
    await bench.write({ 'base.tar.gz': await archive(BASE) });
    const repoUrl = 'github.com?owner=harbourline&repo=yard';
    const args = ['repo', '--template', 'template.yaml', '--base', 'base.tar.gz', '--values', 'values.yaml'];
    const { code, out, err } = await bench.run('upgrade', ...args, '--pull-request', repoUrl);
    assert.equal(code, 0, err);
    assert.match(out, /\nOpened: https:\/\/git\.example\.com\/opened\/1\n$/);
    assert.equal(bench.published.length, 1);
    assert.deepEqual(bench.published[0]?.action, 'publish:github:pull-request');
  });

  it('says what is missing: the portal, what it remembers, the values, the folder', async () => {
    await using portal = await startPortal({});
    await using bench = await openBench({ ...TEMPLATE_FILES, ...REPOSITORY });
    await bench.write({ 'base.tar.gz': await archive(BASE), 'no.tar.gz': 'none' });
    const err = async (...args: string[]) => {
      const { code, err: text } = await bench.run('upgrade', ...args);
      return `${code}: ${text}`;
    };
    assert.match(
      await err('repo', '--portal', 'http://127.0.0.1:1'),
      /^1: The portal at .* cannot be reached: .*Is it running/,
    );
    assert.match(
      await err('repo', '--portal', portal.url),
      /^1: The portal answers 401 .*Set CALLBOARD_TOKEN/,
    );
    const offline = ['repo', '--template', 'template.yaml', '--base'];
    assert.match(await err(...offline, 'base.tar.gz'), /^1: .* asks for other values .*\n {2}.*name/);
    assert.match(await err(...offline, 'no.tar.gz'), /^1: It is no \.tar\.gz archive/);
    assert.match(await err('skeleton', '--portal', portal.url), /^2: .*catalog-info\.yaml names no entity/);
    assert.match(await err('a:', '--portal', portal.url), /^2: a: is neither a folder nor/);
    assert.match(await err('repo', '--write', '--patch', 'x'), /^2: It takes one of --patch/);
    await using known = await openBench({ ...TEMPLATE_FILES, ...REPOSITORY }, { CALLBOARD_TOKEN: 'tkn' });
    const { err: unknown } = await known.run('upgrade', 'component:yard', '--portal', portal.url);
    assert.match(unknown, /^The portal does not know that a template made component:default\/yard/);
  });
});
