import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { createLog, createUrlReader } from '@callboard/kernel';
import { createFetchActions } from '../actions/fetch/fetch-actions.ts';
import { urlTreesOf } from '../actions/fetch/url-trees.ts';
import { defineAction, type Action } from '@callboard/plugin';
import { createTemplating } from '../expression/templating.ts';
import { createFormChecks } from '../form/check-form.ts';
import { TEMPLATE_API_VERSION, type Template } from '../template/template.ts';
import { readTemplate } from '../testing/run-template-tests.ts';
import { toChangeRequest } from './change-request.ts';
import { planUpgrade, type UpgradeDeps } from './plan-upgrade.ts';
import { textsOf, treeOf } from './upgrade.fixture.ts';

function engine(): UpgradeDeps {
  const templating = createTemplating();
  const all = [
    ...createFetchActions({
      urls: urlTreesOf(createUrlReader({ allow: [], integrations: [] })),
      templating,
    }),
    outside('publish:git', ['remoteUrl']),
    outside('harbourline:number', []),
  ];
  return {
    actions: { find: (id) => all.find((action) => action.id === id) ?? null, list: () => all },
    templating,
    forms: createFormChecks({ sources: { ask: refuse }, declarations: {}, catalog: {} }),
    now: () => Date.now(),
    log: createLog({ write: () => undefined }),
  };
}

/** Sources of a form are not asked again. */
const refuse = async (): Promise<never> => {
  throw new Error('a source was asked');
};

/** Never to be run. */
function outside(id: string, required: readonly string[]): Action {
  return defineAction({
    id,
    schema: {
      input: { type: 'object', required: [...required], additionalProperties: true },
      output: { type: 'object', properties: { folder: { type: 'string', examples: ['module'] } } },
    },
    handler: async () => {
      throw new Error('it went outside');
    },
  });
}

async function withTemplate(
  skeleton: Readonly<Record<string, string>>,
  use: (of: Template) => Promise<void>,
  steps = '',
) {
  const folder = await mkdtemp(join(tmpdir(), 'callboard-upgrade-'));
  try {
    const file = `apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata: { name: service, annotations: { backstage.io/template-version: '2' } }
spec:
  type: service
  parameters: { required: [name, port], properties: { name: { type: string }, port: { type: integer } } }
  steps:
    - action: fetch:template
      input: { url: ./skeleton, values: { name: '\${{ parameters.name }}', port: '\${{ parameters.port }}' } }
${steps}`;
    for (const [path, text] of Object.entries({ 'template.yaml': file, ...skeleton })) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    const { template, diagnostics } = await readTemplate(join(folder, 'template.yaml'));
    assert.deepEqual(diagnostics, []);
    if (template !== null) await use(template);
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('planUpgrade', () => {
  const base = treeOf({ 'README.md': '# yard\n\nOld words.\n', 'old.txt': 'x\n' });
  const ours = treeOf({
    'README.md': '# yard\n\nOld words.\n\nOurs.\n',
    'old.txt': 'x\n',
    'src/own.ts': 'own\n',
  });
  const skeleton = {
    'skeleton/README.md': '# ${{ values.name }}\n\nOld words.\n',
    'skeleton/Dockerfile': 'EXPOSE ${{ values.port }}\n',
  };

  it('renders the newer template with the values and merges it into the repository', async () => {
    await withTemplate(skeleton, async (template) => {
      const values = { name: 'yard', port: 8080 };
      const plan = await planUpgrade(engine(), { template, values, base, ours });
      assert.deepEqual(textsOf(plan.files), {
        Dockerfile: 'EXPOSE 8080\n',
        'README.md': '# yard\n\nOld words.\n\nOurs.\n',
        'src/own.ts': 'own\n',
      });
      assert.deepEqual([plan.version, plan.conflicts], ['2', []]);
      assert.match(plan.patch.toString(), /^diff --git a\/Dockerfile b\/Dockerfile\nnew file mode 100644\n/);
      const request = toChangeRequest(plan, {
        forge: 'github',
        repoUrl: 'github.com?owner=harbourline&repo=yard',
        templateRef: 'template:default/service',
      });
      assert.deepEqual(request.files, ['Dockerfile']);
      const [step] = request.spec.steps;
      assert.equal(step?.action, 'publish:github:pull-request');
      assert.deepEqual(step.input, {
        repoUrl: 'github.com?owner=harbourline&repo=yard',
        branchName: 'callboard/upgrade-service-2',
        title: 'Upgrade to service 2',
        description: 'Brings in what changed in template:default/service up to version 2.',
        filesToDelete: ['old.txt'],
        update: true,
      });
      const gitlab = () =>
        toChangeRequest(plan, { forge: 'gitlab', repoUrl: 'x', templateRef: 'template:default/s' });
      assert.throws(gitlab, { code: 'scaffolder/no-change-request' });
    });
  });

  it('says which values the newer template asks for besides', async () => {
    await withTemplate(skeleton, async (template) => {
      const plan = planUpgrade(engine(), { template, values: { name: 'yard' }, base, ours });
      await assert.rejects(plan, { code: 'scaffolder/upgrade-values', message: /\n {2}.*port/ });
    });
  });

  it('holds values to the rules of the form, and asks no source again', async () => {
    await withTemplate(skeleton, async (template) => {
      const [page = {}] = template.pages;
      const rules = {
        required: ['name', 'port', 'zone', 'dock'],
        properties: {
          name: { type: 'string' },
          port: { type: 'integer' },
          zone: { type: 'string', 'ui:visible': "form.name = 'quay'" },
          dock: { type: 'string', 'ui:source': { provider: 'harbourline:docks' } },
        },
      };
      const ruled = { ...template, pages: [{ ...page, ...rules }] };
      const values = { name: 'yard', port: 8080, dock: 'east' };
      const plan = await planUpgrade(engine(), { template: ruled, values, base, ours });
      assert.equal(plan.conflicts.length, 0);
      const bad = planUpgrade(engine(), { template: ruled, values: { ...values, zone: 'x' }, base, ours });
      await assert.rejects(bad, { code: 'scaffolder/upgrade-values', message: /zone/ });
    });
  });

  it('says at which step the newer template cannot be rendered', async () => {
    await withTemplate({ 'skeleton/README.md': '${{ values.name | none }}' }, async (template) => {
      const plan = planUpgrade(engine(), { template, values: { name: 'yard', port: 1 }, base, ours });
      await assert.rejects(plan, {
        code: 'scaffolder/upgrade-failed',
        message: /at the step 'step-1'.*README\.md/s,
      });
    });
  });

  it('compares the folder that was published then and the one that is published now with the repository', async () => {
    const steps = `    - { id: number, action: harbourline:number }
    - action: publish:git
      input: { remoteUrl: 'https://git.example.com/o/\${{ parameters.name }}.git', sourcePath: './\${{ steps.number.output.folder }}/' }
`;
    const whole = { 'module/main.tf': 'old\n', 'module/old.tf': 'x\n', 'notes.md': 'mine\n' };
    const files = { 'skeleton/module/main.tf': 'new\n', 'skeleton/module/more.tf': 'more\n' };
    const repository = treeOf({ 'main.tf': 'old\n', 'old.tf': 'x\n', 'own.tf': 'own\n' });
    const request = { values: { name: 'yard', port: 1 }, ours: repository };
    await withTemplate(
      { ...files, 'skeleton/notes.md': 'of nobody\n' },
      async (template) => {
        const expected = { 'main.tf': 'new\n', 'more.tf': 'more\n', 'own.tf': 'own\n' };
        const same = await planUpgrade(engine(), { ...request, template, base: treeOf(whole) });
        assert.deepEqual([textsOf(same.files), same.conflicts], [expected, []]);
        assert.deepEqual(
          [Object.keys(textsOf(same.theirs)), same.sourcePath],
          [['main.tf', 'more.tf'], 'module'],
        );

        const moved = treeOf({ 'made/yard/main.tf': 'old\n', 'made/yard/old.tf': 'x\n' });
        const task = {
          apiVersion: TEMPLATE_API_VERSION,
          parameters: { name: 'yard' },
          output: {},
          steps: [
            { id: 'gone', name: 'gone', action: 'harbourline:gone' },
            { id: 'files', name: 'files', action: 'fetch:template', input: { url: './gone' } },
            {
              id: 'publish',
              name: 'publish',
              action: 'publish:git',
              input: { sourcePath: 'made/${{ parameters.name }}' },
            },
          ],
        } as const;
        const plan = await planUpgrade(engine(), { ...request, template, base: moved, task });
        assert.deepEqual([textsOf(plan.files), plan.conflicts], [expected, []]);

        const lost = planUpgrade(engine(), { ...request, template, base: moved });
        await assert.rejects(lost, { code: 'scaffolder/upgrade-folder', message: /folder module/ });
        const all = await planUpgrade(engine(), {
          ...request,
          template,
          base: treeOf(whole),
          ours: treeOf(whole),
          sourcePath: '.',
        });
        assert.deepEqual([textsOf(all.files)['module/more.tf'], all.sourcePath], ['more\n', '']);
      },
      steps,
    );
  });
});
