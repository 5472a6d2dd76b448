/**
 * `fetch:template` of skeletons of 500, 2,000 and 8,000 files, from a folder of this machine into a workspace. Checks what
 * was written, then prints the time and how it grows.
 *
 *   node packages/scaffolder/bench/fetch-template.ts [files…]
 */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ActionContext, ActionLogger } from '@callboard/plugin';
import { createFetchActions } from '../src/actions/fetch/fetch-actions.ts';
import type { UrlTrees } from '../src/actions/fetch/url-trees.ts';
import { createTemplating } from '../src/expression/templating.ts';

const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [500, 2000, 8000];
const ROUNDS = 3;

const noUrls: UrlTrees = {
  readTree: () => assert.fail('a URL was read'),
  readFile: () => assert.fail('a URL was read'),
  resolveUrl: () => assert.fail('a URL was read'),
};

/** Ten files to a folder; each eighth is binary, the rest are of about 1 KB with six expressions. */
function makeSkeleton(folder: string, files: number): void {
  const filler = 'const line = "as most lines are, with nothing to replace";\n'.repeat(12);
  for (let index = 0; index < files; index += 1) {
    const inside = join(folder, 'skeleton', `part-${Math.floor(index / 10)}`, '${{ values.name }}');
    if (index % 10 === 0) mkdirSync(inside, { recursive: true });
    if (index % 8 === 7) writeFileSync(join(inside, `f${index}.bin`), Buffer.alloc(1000, index & 1));
    else {
      const text =
        `# \${{ values.name }} ${index}\n${filler}` +
        'owner: ${{ values.owner | upper }}\n{% if values.on %}on{% endif %}\n' +
        '{% for port in values.ports %}port ${{ port }}\n{% endfor %}${{ values.name }}-${{ values.owner }}\n';
      writeFileSync(join(inside, `\${{ values.name }}-${index}.ts`), text);
    }
  }
}

async function fill(baseUrl: string, workspacePath: string): Promise<void> {
  const [, , action] = createFetchActions({ urls: noUrls, templating: createTemplating() });
  assert.equal(action?.id, 'fetch:template');
  const write = (): undefined => undefined;
  const logger: ActionLogger = { debug: write, info: write, warn: write, error: write, child: () => logger };
  const context: ActionContext = {
    input: { url: './skeleton', values: { name: 'shop', owner: 'anna', on: true, ports: [80, 443] } },
    logger,
    secrets: {},
    workspacePath,
    output: write,
    checkpoint: async ({ fn }) => fn(),
    createTemporaryDirectory: () => Promise.reject(new Error('not needed')),
    getInitiatorCredentials: () => Promise.resolve(null),
    task: { id: 'bench' },
    templateInfo: { entityRef: 'template:default/bench', baseUrl },
    signal: new AbortController().signal,
    step: { id: 'fetch', name: 'Fetch' },
  };
  await action.handler(context);
}

function check(workspace: string, files: number): void {
  const written = readdirSync(workspace, { recursive: true, encoding: 'utf8' })
    .map((name) => join(workspace, name))
    .filter((path) => statSync(path).isFile());
  assert.equal(written.length, files);
  for (const path of written.filter((name) => name.endsWith('.ts'))) {
    assert.match(path, /\/shop\/shop-\d+\.ts$/);
    const text = readFileSync(path, 'utf8');
    assert.match(text, /^# shop \d+\n/);
    assert.ok(text.endsWith('owner: ANNA\non\nport 80\nport 443\nshop-anna\n'), text);
  }
}

async function measure(files: number): Promise<number> {
  const top = mkdtempSync(join(tmpdir(), 'callboard-bench-'));
  try {
    makeSkeleton(top, files);
    const baseUrl = pathToFileURL(join(top, 'template.yaml')).href;
    writeFileSync(join(top, 'template.yaml'), '');
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const workspace = join(top, `ws${round}`);
      mkdirSync(workspace);
      const start = performance.now();
      await fill(baseUrl, workspace);
      times.push(performance.now() - start);
      check(workspace, files);
    }
    return Math.min(...times);
  } finally {
    rmSync(top, { recursive: true, force: true });
  }
}

let before: { readonly files: number; readonly ms: number } | null = null;
for (const files of sizes) {
  const ms = await measure(files);
  const growth =
    before === null ? '' : `, ${(ms / before.ms).toFixed(1)} x for ${files / before.files} x the files`;
  console.log(`${files} files: ${ms.toFixed(0)} ms, ${((ms * 1000) / files).toFixed(0)} µs a file${growth}`);
  before = { files, ms };
}
