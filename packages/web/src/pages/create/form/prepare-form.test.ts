import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FormPage, TemplateForm } from '../../../api/scaffolder.ts';
import { readRjsfAsModule } from '../rjsf.fixture.ts';

readRjsfAsModule();
const { prepareForm, preparePages } = await import('./prepare-form.ts');

const isOff = (): boolean => false;

function pageOf(schema: Readonly<Record<string, unknown>>): FormPage {
  return { title: null, description: null, schema };
}

describe('preparePages', () => {
  it('takes out what hangs on a flag that is off, so that no rule of it counts', async () => {
    const flagged = { 'backstage:featureFlag': 'x', type: 'string', 'ui:default': "'a'" };
    const { pages, graph } = await preparePages(
      [
        pageOf({ 'backstage:featureFlag': 'x', properties: { gone: {} } }),
        pageOf({
          required: ['a', 'b'],
          properties: { a: flagged, b: { type: 'object', properties: { c: flagged, properties: {} } } },
        }),
      ],
      isOff,
    );
    assert.deepEqual(
      pages.map(({ schema }) => schema),
      [{ required: ['b'], properties: { b: { type: 'object', properties: { properties: {} } } } }],
    );
    assert.equal(graph.isDynamic, false);
  });

  it('leaves a page without flags as it is', async () => {
    const page = pageOf({ properties: { a: { type: 'string', 'ui:visible': 'true' } } });
    const { pages } = await preparePages([page], isOff);
    assert.equal(pages[0]?.schema, page.schema);
  });
});

describe('prepareForm', () => {
  it('says what is wrong with the rules, once', async () => {
    const form: TemplateForm = {
      title: 'A',
      description: null,
      labels: { back: null, create: null, review: null },
      pages: [
        pageOf({
          properties: {
            a: { type: 'string', 'ui:visible': 'form.b = 1' },
            b: { type: 'string', 'ui:visible': 'form.a = 1' },
          },
        }),
      ],
      decorators: [],
      version: null,
      approval: null,
      warnings: [],
      user: { ref: null, name: '', displayName: null, email: null, groups: [] },
    };
    const { warnings, graph } = await prepareForm(form, isOff);
    assert.equal(graph.isDynamic, true);
    assert.ok(warnings.some(({ code }) => code === 'form/cycle'));
    const again = await prepareForm({ ...form, warnings }, isOff);
    assert.equal(again.warnings.length, warnings.length);
  });
});
