import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defineAction } from '@callboard/plugin';
import * as fc from 'fast-check';
import { lintTemplate, type LintRequest } from './lint-template.ts';

const handler = async (): Promise<void> => {};
const ACTIONS = [
  defineAction({
    id: 'fetch:template',
    schema: {
      input: {
        type: 'object',
        required: ['url'],
        properties: { url: { type: 'string' }, values: { type: 'object' }, targetPath: { type: 'string' } },
      },
    },
    handler,
  }),
  defineAction({
    id: 'debug:log',
    schema: { input: { type: 'object', properties: { message: { type: 'string' } } } },
    handler,
  }),
  defineAction({
    id: 'publish:git',
    schema: {
      input: {
        type: 'object',
        required: ['remoteUrl'],
        properties: {
          remoteUrl: { type: 'string' },
          visibility: { type: 'string', enum: ['private', 'public'] },
          protect: { type: 'boolean' },
          topics: { type: 'array', items: { type: 'string' } },
        },
      },
      output: {
        type: 'object',
        properties: { remoteUrl: { type: 'string' }, commitHash: { type: 'string' } },
      },
    },
    handler,
  }),
  defineAction({
    id: 'catalog:register',
    schema: {
      input: {
        type: 'object',
        oneOf: [
          { required: ['catalogInfoUrl'], properties: { catalogInfoUrl: { type: 'string' } } },
          { required: ['repoContentsUrl'], properties: { repoContentsUrl: { type: 'string' } } },
        ],
      },
    },
    handler,
  }),
];
const actions: LintRequest['actions'] = {
  find: (id) => ACTIONS.find((action) => action.id === id) ?? null,
  list: () => ACTIONS,
};

function template(spec: string): string {
  const head =
    'apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nmetadata:\n  name: t\nspec:\n  type: service\n';
  return head + spec.replace(/^(?=.)/gm, '  ');
}

const FORM = `parameters:
  properties:
    name: { type: string }
`;
const FIRST_LINE = 7;

/** Codes with their place in the text that is given, which the template has two columns further right. */
async function lint(spec: string, request: Partial<LintRequest> = {}): Promise<readonly string[]> {
  const found = await lintTemplate({ text: template(spec), actions, ...request });
  return found.map(
    ({ code, line = 0, column = 0 }) =>
      `${code.replace('template/', '')} ${line - FIRST_LINE + 1}:${column - 2}`,
  );
}

function logging(message: string): string {
  return `${FORM}steps:\n  - id: one\n    action: debug:log\n    input:\n      message: ${message}\n`;
}

describe('lintTemplate', () => {
  it('has nothing to say about a good template', async () => {
    const good = `parameters:
  - title: About
    required: [name]
    properties:
      name: { type: string, ui:field: EntityNamePicker }
      visible: { type: boolean }
      token: { type: string, ui:field: Secret }
    dependencies:
      visible:
        oneOf:
          - properties: { visible: { enum: [false] } }
          - properties:
              visible: { enum: [true] }
              tags: { type: array, items: { type: string } }
            required: [tags]
steps:
  - id: fetch-base
    action: fetch:template
    input:
      url: ./skeleton
      values: { name: '\${{ parameters.name | default("x") }}', tags: '\${{ parameters.tags }}' }
  - action: debug:log
    each: '\${{ parameters.tags }}'
    if: \${{ secrets.token and each.value }}
    input: { message: '{% for t in parameters.tags %}\${{ t }} \${{ loop.index }}{% endfor %}' }
  - id: publish
    action: publish:git
    if: \${{ parameters.visible }}
    input: { remoteUrl: 'https://git.example.com/\${{ parameters.name }}.git', topics: [a, '\${{ 1 }}'] }
  - action: catalog:register
    if: \${{ not failure() }}
    input: { repoContentsUrl: '\${{ steps["publish"].output.remoteUrl }}' }
output:
  links:
    - { title: Repository, url: '\${{ steps.publish.output.remoteUrl }}' }
`;
    assert.deepEqual(await lint(good), []);
  });

  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ['an action nobody has', 'steps:\n  - action: debug:lgo\n', ['unknown-action 2:13']],
    [
      'an input that the action does not take',
      'steps:\n  - action: debug:log\n    input:\n      mesage: x\n',
      ['unknown-input 4:7'],
    ],
    ['an input that is missing', 'steps:\n  - action: publish:git\n', ['missing-input 2:5']],
    [
      'inputs of a wrong type',
      "steps:\n  - action: publish:git\n    input:\n      remoteUrl: 12\n      protect: 'true'\n      visibility: privat\n      topics: [1]\n",
      ['wrong-input 4:18', 'wrong-input 5:16', 'wrong-input 6:19', 'wrong-input 7:16'],
    ],
    [
      'an input of which every variant lacks something',
      'steps:\n  - action: catalog:register\n',
      ['missing-input 2:5'],
    ],
    ['a parameter that nothing uses', `${FORM}steps:\n  - action: debug:log\n`, ['unused-parameter 3:5']],
    [
      'a parameter that does not exist',
      logging('${{ parameters.nam }} ${{ parameters.name }}'),
      ['undefined-parameter 8:20'],
    ],
    [
      'a hyphen that is a minus',
      logging('${{ steps.fetch-base.output }}').replace('id: one', 'id: fetch-base'),
      ['unused-parameter 3:5', 'hyphen-in-name 8:20'],
    ],
    [
      'a step that does not exist',
      logging('${{ parameters.name }}${{ steps.two.output.x }}'),
      ['undefined-step 8:42'],
    ],
    [
      'a step that reads itself',
      logging('${{ parameters.name }}${{ steps.one.output.x }}'),
      ['later-step 8:42'],
    ],
    [
      'an output that the action does not have',
      'steps:\n  - { id: p, action: publish:git, input: { remoteUrl: x } }\noutput:\n  a: ${{ steps.p.output.url }}\n  b: ${{ steps.p.remoteUrl }}\n',
      ['unknown-output 4:10', 'unknown-output 5:10'],
    ],
    [
      'two steps of one id',
      'steps:\n  - { id: a, action: debug:log }\n  - { id: a, action: debug:log }\n',
      ['duplicate-step 3:11'],
    ],
    [
      'an expression that cannot be read',
      logging('"a ${{ parameters.name && true }}"'),
      ['bad-expression 8:39'],
    ],
    [
      'a filter and a test that nobody has',
      logging('${{ parameters.name | uper is odd1 }}'),
      ['unknown-filter 8:38', 'unknown-filter 8:46'],
    ],
    [
      'a function and a variable that nobody has',
      logging('${{ now() }} ${{ parameters.name }} ${{ values.x }}'),
      ['unknown-function 8:20', 'undefined-variable 8:56'],
    ],
    [
      'each where there is none',
      logging('${{ parameters.name }}${{ each.value }}'),
      ['undefined-variable 8:42'],
    ],
    ['a secret in the log', logging('${{ parameters.name }}${{ secrets.x }}'), ['secret-shown 8:42']],
    [
      'a secret in a condition and in the output',
      'steps:\n  - { action: debug:log, if: "${{ secrets.x }}" }\noutput: { a: "${{ secrets.x }}" }\n',
      ['secret-unavailable 2:35', 'secret-unavailable 3:19'],
    ],
    [
      'a secret that is read as a parameter',
      'parameters: { properties: { t: { type: string, ui:field: Secret } } }\nsteps:\n  - { action: debug:log, input: { message: "${{ parameters.t }}" } }\n',
      ['secret-as-parameter 3:49'],
    ],
    [
      'a secret that nobody asks for',
      `${FORM}steps:\n  - { action: publish:git, input: { remoteUrl: "\${{ parameters.name }}\${{ secrets.t }}" } }\n`,
      ['undefined-secret 5:75'],
    ],
    [
      'a password that is stored',
      logging('${{ parameters.name }}').replace('type: string', 'type: string, ui:widget: password'),
      ['password-stored 3:38'],
    ],
    [
      'fields and widgets that nobody has',
      logging('${{ parameters.name }}').replace(
        'type: string',
        'type: string, ui:field: EntityPiker, ui:widget: txtarea',
      ),
      ['unknown-field 3:37', 'unknown-widget 3:61'],
    ],
    [
      'a condition that is a text',
      'steps:\n  - { action: debug:log, if: "false" }\n  - { action: debug:log, if: parameters.x }\n  - { action: debug:log, if: "${{ always() }} and ${{ failure() }}" }\n',
      ['always-runs 2:30', 'always-runs 3:30', 'always-runs 4:30'],
    ],
    ['a step that never runs', 'steps:\n  - { action: debug:log, if: false }\n', ['never-runs 2:30']],
    [
      'schemas that cannot work',
      'parameters:\n  required: [nmae]\n  properties:\n    name: { type: strng, pattern: "[", required: true }\n  dependencies:\n    nme: [name]\nsteps:\n  - { action: debug:log, input: { message: "${{ parameters.name }}" } }\n',
      [
        'unknown-required 2:14',
        'bad-type 4:19',
        'bad-pattern 4:35',
        'bad-required 4:50',
        'unknown-dependency 6:5',
      ],
    ],
    [
      'a default that cannot be chosen, and too few names',
      'parameters: { properties: { a: { type: string, enum: [x, y], default: z, enumNames: [X] } } }\nsteps:\n  - { action: debug:log, input: { message: "${{ parameters.a }}" } }\n',
      ['bad-default 1:71', 'enum-names 1:85'],
    ],
    [
      'paths that lead out',
      'steps:\n  - { action: fetch:template, input: { url: /etc, targetPath: ../x } }\n  - { action: fetch:template, input: { url: ../a } }\n',
      ['path-outside 2:45', 'path-outside 2:63', 'url-above 3:45'],
    ],
    [
      'approvals that nobody could give',
      "callboard:approval: { by: 'group:default/${{ parameters.x }}', expiresAfter: soon }\nsteps:\n  - { action: debug:log, callboard:approval: { byy: group:default/sre } }\n",
      [
        'undefined-parameter 1:46',
        'scaffolder/approval-rule 1:78',
        'scaffolder/approval-rule 3:46',
        'scaffolder/approval-rule 3:53',
      ],
    ],
    [
      'steps that are none',
      'steps:\n  - 1\n  - { name: x }\n',
      ['model/wrong-type 2:5', 'model/missing-field 3:5'],
    ],
  ];
  for (const [name, spec, expected] of cases) {
    it(`finds ${name}`, async () => assert.deepEqual(await lint(spec), expected));
  }

  it('says which name was probably meant, and which plugin brings an action', async () => {
    const details = async (spec: string) =>
      (await lintTemplate({ text: template(spec), actions })).map(({ detail }) => detail);
    assert.deepEqual(await details('steps: [{ action: debug:lgo }]'), ["Did you mean 'debug:log'?"]);
    assert.match(
      (await details('steps: [{ action: publish:github }]'))[0] ?? '',
      /@callboard\/plugin-github/,
    );
    assert.deepEqual(await details(logging('${{ parameters.name || 1 }}')), ["Write 'or'."]);
  });

  it('takes the fields, filters and functions of plugins as known', async () => {
    const spec = logging('${{ now() | shout }}').replace('type: string', 'type: string, ui:field: Mine');
    assert.deepEqual(await lint(spec, { fields: ['Mine'], filters: ['shout'], globals: ['now'] }), []);
  });

  it('says nothing about parameters, steps and values that it cannot know', async () => {
    const spec = `parameters:
  $yaml: ./form.yaml
formDecorators: [{ id: x }]
steps:
  - $yaml: ./step.yaml
  - action: debug:log
    input: { message: '\${{ parameters.any }} \${{ steps.any.output.x }} \${{ secrets.any | dump }}' }
`;
    assert.deepEqual(await lint(spec), ['secret-shown 7:76']);
  });

  it("looks at the files of a skeleton: missing, unused and undefined values, other programs' expressions", async () => {
    const spec = `${FORM}steps:
  - action: fetch:template
    input: { url: ./skeleton, values: { name: '\${{ parameters.name }}', extra: 1 } }
  - action: fetch:template
    input: { url: ./skelton }
`;
    const files = {
      isPartial: false,
      files: [
        {
          path: 'skeleton/README.md',
          text: '# ${{ values.name }}\n\n${{ values.nam }} ${{ values.may | default(1) }}',
        },
        { path: 'skeleton/ci.yaml', text: 'run: ${{ github.sha }}\n{% raw %}${{ github.ref }}{% endraw %}' },
        { path: 'skeleton/bad.txt', text: 'x\n${{ values.name }\n' },
        { path: 'skeleton/logo.png', text: null },
      ],
    };
    const found = await lintTemplate({ text: template(spec), actions, files, file: 'x/template.yaml' });
    assert.deepEqual(
      found.map(({ code, file, line }) => [code, file, line]),
      [
        ['template/unused-value', 'x/template.yaml', 12],
        ['template/skeleton-missing', 'x/template.yaml', 14],
        ['template/swallowed-expression', 'x/skeleton/ci.yaml', 1],
        ['template/bad-expression', 'x/skeleton/bad.txt', 2],
        ['template/undefined-value', 'x/skeleton/README.md', 3],
      ],
    );
    assert.equal(found[1]?.detail, "Did you mean 'skeleton'?");
  });

  it('says of a text that is no template what it is', async () => {
    const codes = async (text: string) => (await lintTemplate({ text, actions })).map(({ code }) => code);
    assert.deepEqual(await codes('a: [1'), ['template/yaml']);
    assert.deepEqual(await codes(''), ['template/none']);
    assert.deepEqual(await codes('kind: Component'), ['template/none']);
    assert.deepEqual(await codes('kind: Template\napiVersion: backstage.io/v1beta2'), [
      'template/api-version',
    ]);
    assert.deepEqual(
      await codes(
        `a: &a [1,1,1,1,1,1,1,1,1]\n${'bcdefg'
          .split('')
          .map((k, i) => `${k}: &${k} [${`*${'abcdef'[i]},`.repeat(9)}]`)
          .join('\n')}`,
      ),
      ['template/yaml'],
    );
  });

  it('never rejects, whatever stands in a template', async () => {
    const noise = fc.oneof(
      fc.constantFrom(
        '${{ parameters.a }}',
        '${{',
        '{% if %}',
        '}}',
        "${{ steps['x'].output",
        '__proto__',
        '|',
        '[',
      ),
      fc.string(),
    );
    const value = fc.object({
      values: [noise, fc.integer(), fc.boolean(), fc.constant(null)],
      key: noise,
      maxDepth: 3,
    });
    const property = fc.asyncProperty(value, value, value, async (parameters, input, output) => {
      const steps = [{ action: 'publish:git', input, if: JSON.stringify(output) }];
      const entity = {
        kind: 'Template',
        apiVersion: 'scaffolder.backstage.io/v1beta3',
        spec: { parameters, steps, output },
      };
      return Array.isArray(await lintTemplate({ text: JSON.stringify(entity), actions }));
    });
    await fc.assert(property, { numRuns: 150 });
  });
});
