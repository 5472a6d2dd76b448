import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Entity } from '@callboard/model';
import { catalogOf, PEOPLE } from '../tasks/world.fixture.ts';
import type { ApprovalRule } from './approval.ts';
import { findApprovers } from './approvers.ts';

const anna = 'user:default/anna';

function rule(by: readonly string[], more: Partial<ApprovalRule> = {}): ApprovalRule {
  const rest = { message: '?', remindEvery: null, expiresAfter: null, allowRequester: false };
  return { by, count: 1, ...rest, ...more };
}

describe('findApprovers', () => {
  const find = (asked: ApprovalRule, requestedBy: string | null = anna) =>
    findApprovers(catalogOf(PEOPLE), asked, requestedBy);

  it('asks users and groups themselves, and the owner of anything else', async () => {
    const by = ['user:default/eva', 'system:default/shop'];
    const approvers = ['user:default/eva', 'group:default/team-a'];
    assert.deepEqual(await find(rule(by)), { kind: 'found', approvers, unknown: [] });
  });

  it('goes on without those that the catalog does not know', async () => {
    const by = ['group:default/gone', 'group:default/team-a'];
    const unknown = ['group:default/gone'];
    assert.deepEqual(await find(rule(by)), { kind: 'found', approvers: ['group:default/team-a'], unknown });
  });

  it('says when nobody is left who could agree', async () => {
    const nobody = [
      rule(['group:default/gone']),
      rule(['group:default/team-b']),
      rule(['component:default/gone']),
      rule([anna]),
      rule(['group:default/team-a'], { count: 3 }),
    ];
    for (const asked of nobody) {
      const found = await find(asked);
      assert.equal(found.kind, 'nobody', asked.by.join());
      assert.match(found.kind === 'nobody' ? found.reason : '', /Correct the approval/);
    }
    assert.equal((await find(rule([anna], { allowRequester: true }))).kind, 'found');
    assert.equal((await find(rule([anna]), 'user:default/eva')).kind, 'found');
    assert.equal((await find(rule(['group:default/team-a'], { count: 3 }), null)).kind, 'found');
  });

  it('counts members of groups below a group only when they own as it', async () => {
    const groups: readonly Entity[] = ['above', 'below'].map((name) => ({
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Group',
      metadata: { name },
      relations:
        name === 'above'
          ? [{ type: 'parentOf', targetRef: 'group:default/below' }]
          : [
              { type: 'hasMember', targetRef: 'user:default/eva' },
              { type: 'parentOf', targetRef: 'group:default/above' },
            ],
    }));
    const catalog = catalogOf([...PEOPLE, ...groups]);
    const asked = rule(['group:default/above']);
    assert.equal((await findApprovers(catalog, asked, anna)).kind, 'nobody');
    const inherits = {
      ...catalog,
      ownershipOf: async (ref: string) => [...(await catalog.ownershipOf(ref)), 'group:default/above'],
    };
    assert.equal((await findApprovers(inherits, asked, anna)).kind, 'found');
  });
});
