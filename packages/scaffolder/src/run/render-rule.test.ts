import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createTemplating } from '../expression/templating.ts';
import { createMask } from './mask.ts';
import { createRuleRenderer } from './render-rule.ts';
import { ECHO, specOf } from './run.fixture.ts';
import { NOT_STARTED } from './run.ts';

describe('createRuleRenderer', () => {
  it('sees values, the user and outputs of steps that are done, but nothing secret', () => {
    const render = createRuleRenderer(createTemplating());
    const spec = specOf([{ action: ECHO.id }, { action: ECHO.id }], {
      parameters: { system: 'system:default/shop' },
      user: { ref: 'user:default/eva' },
    });
    const sealed = createMask({ token: 'ghp_seaweed' }).seal('ghp_seaweed');
    const steps = {
      s0: { status: 'completed', output: { owner: 'group:default/sea' } },
      s1: { status: 'completed', output: { token: sealed } },
    } as const;
    const rule = {
      by: ['${{ parameters.system }}', '${{ steps.s0.output.owner }}', '${{ secrets.x }}'],
      message: 'For ${{ user.ref }}: ${{ steps.s1.output.token }}',
    };
    assert.deepEqual(render(rule, { taskId: 't', spec, state: { ...NOT_STARTED, steps } }), {
      by: ['system:default/shop', 'group:default/sea'],
      message: 'For user:default/eva: ',
    });
  });
});
