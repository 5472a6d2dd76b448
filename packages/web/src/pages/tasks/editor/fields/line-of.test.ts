import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createLineOf } from './line-of.ts';

const lineOf = (text: string, path: string): number | null => createLineOf(text)(path);

const TEXT = `kind: Location
---
apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
spec:
  parameters:
    - title: One
      properties:
        account: &account
          type: string
          ui:source:
            static: [a]
          "a.b": 1
    - properties:
        other: *account
`;

describe('createLineOf', () => {
  it('finds keys and items of the template, behind other entities', () => {
    assert.equal(lineOf(TEXT, 'spec.parameters[0]'), 7);
    assert.equal(lineOf(TEXT, 'spec.parameters[0].properties.account'), 9);
    assert.equal(lineOf(TEXT, 'spec.parameters[0].properties.account["ui:source"].static'), 12);
    assert.equal(lineOf(TEXT, 'spec.parameters[0].properties.account["a.b"]'), 13);
  });

  it('goes to what is around something that is not written there', () => {
    assert.equal(lineOf(TEXT, 'spec.parameters[0].properties.account["ui:default"]'), 9);
    assert.equal(lineOf(TEXT, 'spec.parameters[1].properties.other["ui:source"].static'), 15);
  });

  it('knows one page that is no list', () => {
    const text = 'kind: Template\nspec:\n  parameters:\n    properties:\n      a: {}\n';
    assert.equal(lineOf(text, 'spec.parameters[0].properties.a'), 5);
  });

  it('knows where pages stand when those before them are left out', () => {
    assert.equal(createLineOf(TEXT, [1])('spec.parameters[0].properties.other'), 15);
  });

  it('answers nothing without a template, or for what is no path', () => {
    assert.equal(lineOf('kind: Component', 'spec'), null);
    assert.equal(lineOf('- 1', 'spec'), null);
    assert.equal(lineOf('a: [', 'spec'), null);
    assert.equal(lineOf(TEXT, '..'), null);
  });
});
