import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { CodedError } from '@callboard/kernel';
import type { Diagnostic } from '@callboard/model';
import { defineAction } from '@callboard/plugin';
import { folderOf } from '../callboard.fixture.ts';
import { UsageError, type Command } from '../context.ts';
import { createActionsDescribeCommand } from './describe.ts';
import { createActionsListCommand } from './list.ts';
import type { OpenActions } from './open.ts';
import { createActionsRunCommand } from './run.ts';

const greet = defineAction({
  id: 'acme:greet',
  description: 'Greets \u001B[31msomebody.\nAt length.',
  supportsDryRun: true,
  schema: {
    input: {
      type: 'object',
      required: ['name', 'to'],
      properties: {
        name: { type: 'string', description: 'Who' },
        to: { enum: ['file', 'log'] },
        times: { type: 'integer', default: 1 },
        parts: {
          type: 'array',
          items: { type: 'object', required: ['text'], properties: { text: { type: ['string', 'null'] } } },
        },
      },
    },
    output: { type: 'object', properties: { text: { type: 'string', title: 'The greeting' } } },
  },
  handler: async (context) => {
    const { input, logger, workspacePath, isDryRun = false, templateInfo } = context;
    logger.child({ part: 1 }).info(`Greeting ${input.name}`);
    if (input.name === 'nobody') throw new Error('Nobody is there.');
    if (!isDryRun) await writeFile(join(workspacePath, 'greeting.txt'), `Hello, ${input.name}`);
    context.output(
      'text',
      `Hello, ${input.name}, from ${templateInfo?.baseUrl?.startsWith('file:') === true}`,
    );
  },
});
const plainAction = defineAction({ id: 'acme:plain', schema: { input: {} }, handler: async () => {} });

function opening(diagnostics: readonly Diagnostic[] = []): { open: OpenActions; closed: number[] } {
  const closed: number[] = [];
  const actions = [greet, plainAction];
  const open: OpenActions = async () => ({
    registry: { list: () => actions, find: (id) => actions.find((action) => action.id === id) ?? null },
    diagnostics,
    explain: (id) => `There is no action ${id}.`,
    check: (_, input, what) => {
      if (input['name'] === 5)
        throw new CodedError(400, 'scaffolder/invalid-input', `${what}: "name" is wrong`);
    },
    [Symbol.asyncDispose]: async () => void closed.push(1),
  });
  return { open, closed };
}

async function ask(command: Command, args: readonly string[], cwd = '/') {
  const texts = { out: '', err: '' };
  const collect = (name: keyof typeof texts) => ({
    isTerminal: false,
    closed: false,
    write: async (text: string) => void (texts[name] += text),
    paint: (_: unknown, text: string) => text,
  });
  const context = { cwd, here: cwd, env: {}, out: collect('out'), err: collect('err') };
  return { code: await command.run(args, context), ...texts };
}

const PROBLEM: Diagnostic = { severity: 'error', code: 'scaffolder/action-file', summary: 'It is broken.' };

describe('callboard actions list', () => {
  it('lists actions with the first line of what they do, and nothing that steers a terminal', async () => {
    const { open, closed } = opening();
    const { code, out, err } = await ask(createActionsListCommand(open), []);
    assert.deepEqual([code, err], [0, '']);
    assert.equal(out, 'acme:greet * Greets  [31msomebody.\nacme:plain\n');
    assert.deepEqual(closed, [1]);
  });

  it('prints JSON, and fails when something could not be loaded', async () => {
    const { open } = opening([PROBLEM]);
    const { code, out, err } = await ask(createActionsListCommand(open), ['--json']);
    assert.equal(code, 1);
    assert.equal(err, 'error scaffolder/action-file: It is broken.\n');
    const [first, second] = JSON.parse(out);
    assert.deepEqual([first.id, first.supportsDryRun], ['acme:greet', true]);
    assert.deepEqual(second, { id: 'acme:plain', description: '', supportsDryRun: false });
  });
});

describe('callboard actions describe', () => {
  it('shows inputs with types, what is required, defaults, outputs and an example', async () => {
    const { code, out } = await ask(createActionsDescribeCommand(opening().open), ['acme:greet']);
    assert.equal(code, 0);
    assert.equal(
      out,
      `acme:greet
Greets  [31msomebody.
At length.
Runs in a dry-run, too.

Input
  name*          string          Who
  to*            "file" | "log"
  times          integer         [1]
  parts          object[]
  parts[].text*  string | null

Output
  text   string  The greeting

Example
  steps:
    - id: greet
      action: acme:greet
      input:
        name: <name>
        to: file
`,
    );
  });

  it('prints JSON, and says so when nothing is known of the input', async () => {
    const command = createActionsDescribeCommand(opening().open);
    const { out } = await ask(command, ['acme:greet', '--json']);
    assert.equal(JSON.parse(out).schema.input.properties.name.type, 'string');
    const other = await ask(command, ['acme:plain']);
    assert.match(other.out, /Input\n {2}none is known\n\nExample\n {2}steps:\n {4}- id: plain/);
  });

  it('explains an id that nobody has, and wants exactly one', async () => {
    const { open, closed } = opening();
    const command = createActionsDescribeCommand(open);
    await assert.rejects(ask(command, ['acme:gret']), {
      code: 'scaffolder/unknown-action',
      message: 'There is no action acme:gret.',
    });
    assert.deepEqual(closed, [1]);
    for (const args of [[], ['a', 'b']]) await assert.rejects(ask(command, args), UsageError);
  });
});

describe('callboard actions run', () => {
  it('runs an action in a folder of its own, with its log apart from its outputs', async () => {
    const command = createActionsRunCommand(opening().open);
    const { code, out, err } = await ask(command, ['acme:greet', '--input', '{"name": "anna"}']);
    assert.equal(code, 0);
    assert.deepEqual(JSON.parse(out), { text: 'Hello, anna, from true' });
    assert.equal(
      err,
      'Greeting anna {"part":1}\nIt left 1 file in the workspace; --workspace FOLDER keeps them.\n',
    );
  });

  it('takes its input from a file, and works in a folder that it is given', async () => {
    await using folder = await folderOf({ 'in.yaml': 'name: eva\n', 'work/there.txt': '' });
    const command = createActionsRunCommand(opening().open);
    const args = ['acme:greet', '--input', 'in.yaml', '--workspace', 'work'];
    const { code } = await ask(command, args, folder.path);
    assert.equal(code, 0);
    assert.equal(await readFile(join(folder.path, 'work/greeting.txt'), 'utf8'), 'Hello, eva');
    await ask(
      command,
      ['acme:greet', '--input', '{"name":"x"}', '--dry-run', '--workspace', '.'],
      folder.path,
    );
    assert.deepEqual((await readdir(folder.path)).toSorted(), ['in.yaml', 'work']);
  });

  it('fails as the action does, and checks the input before', async () => {
    const command = createActionsRunCommand(opening().open);
    await assert.rejects(ask(command, ['acme:greet', '--input', '{"name":"nobody"}']), /Nobody is there\./);
    await assert.rejects(ask(command, ['acme:greet', '--input', '{"name":5}']), {
      code: 'scaffolder/invalid-input',
      message: 'acme:greet: "name" is wrong',
    });
  });

  it('says what is wrong with its arguments', async () => {
    await using folder = await folderOf({ 'list.yaml': '- a\n', 'bad.yaml': 'a: [' });
    const command = createActionsRunCommand(opening().open);
    const cases: readonly (readonly [string[], RegExp])[] = [
      [['acme:greet', '--input', 'none.yaml'], /there is no file none\.yaml/],
      [['acme:greet', '--input', 'list.yaml'], /has to be an object/],
      [['acme:greet', '--input', 'bad.yaml'], /--input cannot be read: /],
      [['acme:greet', '--input', '{bad}'], /--input cannot be read: /],
      [['acme:greet', '--workspace', 'none'], /none is no folder/],
      [['acme:plain', '--dry-run'], /acme:plain does not know a dry-run/],
      [['acme:greet', '--bogus'], /Unknown option '--bogus'/],
    ];
    for (const [args, message] of cases) {
      await assert.rejects(ask(command, args, folder.path), (error: Error) => {
        assert.ok(error instanceof UsageError, args.join(' '));
        assert.match(error.message, message);
        return true;
      });
    }
  });
});
