import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isObject } from '@callboard/model';
import {
  ACCOUNT_TEMPLATE,
  ANNA,
  EVA,
  openPortal,
  PREFIX,
  SERVICE,
  type ScaffolderPortal,
} from './portal.fixture.ts';

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly text: string;
}

async function post(
  { app }: ScaffolderPortal,
  path: string,
  body: unknown,
  as: Readonly<Record<string, string>> = ANNA,
): Promise<Answer> {
  const response = await app.inject({
    method: 'POST',
    url: `${PREFIX}${path}`,
    headers: { ...as, 'content-type': 'application/json' },
    payload: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const parsed: unknown = response.json();
  return { status: response.statusCode, body: isObject(parsed) ? parsed : {}, text: response.body };
}

function codeOf({ status, body }: Answer): readonly [number, unknown] {
  const error = body['error'];
  return [status, isObject(error) ? error['code'] : undefined];
}

function stacksOf({ body }: Answer): readonly unknown[] {
  const { errors } = body;
  return Array.isArray(errors) ? errors.map((error: unknown) => isObject(error) && error['stack']) : [];
}

const WORKLOAD = 'template:default/workload';
const NEED = { field: '/account', form: { service: 'shop' } };

describe('POST /v2/forms/options', () => {
  it('gives what a field can be set to, of a template in the catalog or one that is being written', async () => {
    await using portal = await openPortal();
    const options = [
      { value: '1', label: 'shop-account' },
      { value: '2', label: 'yard-account' },
    ];
    for (const template of [WORKLOAD, 'workload', ACCOUNT_TEMPLATE]) {
      const { status, body } = await post(portal, '/v2/forms/options', { template, need: NEED });
      assert.deepEqual([status, body['options']], [200, options]);
    }
    const found = await post(portal, '/v2/forms/options', { template: WORKLOAD, need: NEED, search: 'YARD' });
    assert.deepEqual(found.body['options'], [options[1]]);
  });

  it('takes no rule from a request', async () => {
    await using portal = await openPortal();
    const need = { ...NEED, field: '/service', source: { request: { kind: 'static', items: ['a'] } } };
    const answer = await post(portal, '/v2/forms/options', {
      template: WORKLOAD,
      need,
      'ui:source': { static: ['a'] },
    });
    assert.deepEqual(codeOf(answer), [404, 'scaffolder/unknown-form-field']);
  });

  it('says why a source gave nothing, as the person that asks', async () => {
    await using portal = await openPortal();
    const answer = await post(portal, '/v2/forms/options', { template: WORKLOAD, need: NEED }, EVA);
    assert.deepEqual(codeOf(answer), [503, 'scaffolder/source-failed']);
    assert.match(answer.text, /The accounts are closed/);
  });

  it('refuses what is no question', async () => {
    await using portal = await openPortal();
    const bodies: readonly unknown[] = [
      null,
      {},
      { template: 'component:default/x', need: NEED },
      { template: WORKLOAD, need: [] },
      { template: WORKLOAD, need: { ...NEED, field: 'account' } },
      { template: WORKLOAD, need: { ...NEED, field: `/${'x'.repeat(2_000)}` } },
      { template: WORKLOAD, need: { ...NEED, form: [] } },
      { template: WORKLOAD, need: { ...NEED, item: 7 } },
      { template: WORKLOAD, need: { ...NEED, what: 'rules' } },
      { template: WORKLOAD, need: { ...NEED, holds: Array.from({ length: 1_001 }, () => 1) } },
      { template: WORKLOAD, need: NEED, search: 'x'.repeat(201) },
    ];
    for (const body of bodies) {
      const answer = await post(portal, '/v2/forms/options', body);
      assert.deepEqual(codeOf(answer), [400, 'scaffolder/invalid-body'], JSON.stringify(body).slice(0, 200));
    }
    const deep = `{"template":"${WORKLOAD}","need":{"field":"/account","form":{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}}}`;
    assert.equal((await post(portal, '/v2/forms/options', deep)).status, 400);
    const huge = { template: WORKLOAD, need: { ...NEED, form: { service: 'x'.repeat(3_000_000) } } };
    assert.equal((await post(portal, '/v2/forms/options', huge)).status, 413);
    const gone = await post(portal, '/v2/forms/options', { template: 'none', need: NEED });
    assert.deepEqual(codeOf(gone), [404, 'scaffolder/template-not-found']);
  });

  it('asks who it is', async () => {
    await using portal = await openPortal();
    assert.equal(
      (await post(portal, '/v2/forms/options', { template: WORKLOAD, need: NEED }, {})).status,
      401,
    );
  });
});

describe('POST /v2/forms/check', () => {
  it('says what the form makes of values, and why', async () => {
    await using portal = await openPortal();
    const { status, body } = await post(portal, '/v2/forms/check', {
      template: WORKLOAD,
      values: { service: 'shop', token: 'hunter22' },
    });
    assert.deepEqual([status, body['errors']], [200, []]);
    assert.deepEqual(body['values'], { service: 'shop', account: '1', region: 'eu', token: '******' });
    const fields = isObject(body['fields']) ? body['fields'] : {};
    const region = isObject(fields['/region']) ? fields['/region'] : {};
    assert.deepEqual([region['disabled'], region['origin'], region['value']], [true, 'suggested', 'eu']);
    const reason = isObject(fields['/reason']) ? fields['/reason'] : {};
    assert.deepEqual([reason['visible'], reason['required']], [false, false]);
  });
});

describe('POST /v2/forms/expand', () => {
  it('writes the fields of plugins out, of a template that is being written, too', async () => {
    await using portal = await openPortal();
    for (const template of [WORKLOAD, ACCOUNT_TEMPLATE]) {
      const { status, text } = await post(portal, '/v2/forms/expand', { template });
      assert.equal(status, 200);
      assert.match(text, /"ui:field":"AccountPicker"/);
      assert.match(text, /"ui:source":\{"provider":"harbourline:accounts"/);
    }
    const answer = await post(portal, '/v2/forms/expand', { template: { kind: 'Component' } });
    assert.deepEqual(codeOf(answer), [400, 'scaffolder/template-unusable']);
  });
});

describe('GET /v2/fields', () => {
  it('lists what plugins declare, with its schemas', async () => {
    await using portal = await openPortal();
    const response = await portal.app.inject({ url: `${PREFIX}/v2/fields`, headers: ANNA });
    assert.deepEqual(response.json(), {
      fields: [
        {
          name: 'AccountPicker',
          plugin: 'harbourline',
          description: 'Picks an account.',
          schema: {
            returnValue: { type: 'string' },
            uiOptions: { properties: { autofillFrom: { type: 'string' } }, additionalProperties: false },
          },
          examples: [{ description: 'An account', example: 'ui:field: AccountPicker' }],
        },
      ],
    });
  });
});

describe('a form with rules', () => {
  const post2 = async (portal: ScaffolderPortal, values: object, as = ANNA): Promise<Answer> =>
    post(portal, '/v2/tasks', { templateRef: WORKLOAD, values }, as);

  it('cannot be passed by: values straight to the API are held to it', async () => {
    await using portal = await openPortal();
    const cases: readonly (readonly [object, RegExp])[] = [
      [{ service: 'shop', account: '999' }, /instance\.account is not one of the options/],
      [{ service: 'shop', account: '1', region: 'us' }, /instance\.region cannot be changed now/],
      [{ service: 'yard', region: 'moon' }, /instance\.region is not one of the options/],
      [{ service: 'yard', reason: 'because' }, /instance\.reason is not asked for/],
      [{ service: 'yard', region: 'us' }, /requires property "reason"/],
      [{ service: 'yard', owner: 'group:default/nobody' }, /instance\.owner is no entity/],
      [{}, /requires property "service"/],
    ];
    for (const [values, expected] of cases) {
      for (const as of [ANNA, SERVICE]) {
        const answer = await post2(portal, values, as);
        assert.equal(answer.status, 400, JSON.stringify(values));
        assert.match(stacksOf(answer).join('\n'), expected);
      }
      const dry = await post(portal, '/v2/dry-run', {
        template: ACCOUNT_TEMPLATE,
        values,
        directoryContents: [],
      });
      assert.match(stacksOf(dry).join('\n'), expected);
    }
    assert.deepEqual([portal.tasks.created, portal.dryRuns], [[], []]);
  });

  it('gives the task what was entered, and what was suggested for the rest', async () => {
    await using portal = await openPortal();
    assert.equal((await post2(portal, { service: 'shop', owner: 'user:anna' })).status, 201);
    const filled = { service: 'shop', owner: 'user:anna', account: '1', region: 'eu' };
    assert.deepEqual(portal.tasks.created[0]?.spec.parameters, filled);
  });

  it('is refused where its source fails for this person', async () => {
    await using portal = await openPortal();
    const answer = await post2(portal, { service: 'shop', account: '1' }, EVA);
    assert.equal(answer.status, 400);
    assert.match(stacksOf(answer).join(), /instance\.account .*The accounts are closed/);
  });

  it('is shown with who asks, and with the fields of plugins written out', async () => {
    await using portal = await openPortal();
    const url = `${PREFIX}/v2/templates/default/template/workload/parameter-schema`;
    const response = await portal.app.inject({ url, headers: ANNA });
    const form: unknown = response.json();
    assert.ok(isObject(form));
    assert.deepEqual(form['warnings'], []);
    assert.deepEqual(form['user'], {
      ref: 'user:default/anna',
      name: 'anna',
      displayName: null,
      email: null,
      groups: ['user:default/anna'],
    });
    assert.match(response.body, /"ui:field":"AccountPicker"/);
    assert.match(response.body, /"ui:source":\{"provider":"harbourline:accounts"/);
  });
});
