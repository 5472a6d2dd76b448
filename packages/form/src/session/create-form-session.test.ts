import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compileForm } from '../compile/compile-form.ts';
import { createFormSession } from './create-form-session.ts';
import { ANNA, answerOf, createClock, createQueue, graphOf, turn } from './form.fixture.ts';

const ACCOUNT = { type: 'string', 'ui:source': { provider: 'aws:accounts' } };
const ROLE = {
  type: 'string',
  'ui:source': { provider: 'aws:roles', with: { account: '${{ form.account }}' } },
  'ui:default': 'options[0].value',
};
const RING = { name: { type: 'string' }, other: { type: 'string', 'ui:default': 'form.name' } };

async function openForm(properties: Parameters<typeof graphOf>[0], entered = {}) {
  const queue = createQueue();
  const clock = createClock();
  const graph = await graphOf(properties);
  const session = createFormSession({ graph, user: ANNA, entered, ask: queue.ask, clock });
  await turn();
  return { session, clock, ...queue };
}

describe('createFormSession', () => {
  it('keeps what two fields write in one effect, each from the values that it was shown (backstage#28729)', async () => {
    for (const properties of [
      { a: { type: 'string' }, b: { type: 'string' } },
      { ...RING, a: {}, b: {} },
    ]) {
      const { session } = await openForm(properties);
      const shown = session.get();
      session.change(shown, { ...shown, a: 'from a' });
      assert.equal(session.get()['a'], 'from a', 'it is there in the same tick');
      session.change(shown, { ...shown, b: 'from b' });
      await session.settled();
      assert.deepEqual({ ...session.get() }, { a: 'from a', b: 'from b' });
      session.close();
    }
  });

  it('keeps what fields of other pages hold when a page hands in only its own', async () => {
    const { session } = await openForm({ ...RING }, { elsewhere: 1, name: 'x' });
    const view = session.change({ name: 'x' }, { name: 'y' });
    await session.settled();
    assert.deepEqual(view, { name: 'y' });
    assert.deepEqual(session.get(), { elsewhere: 1, name: 'y', other: 'y' });
  });

  it('drops an answer for values that no longer hold, however late it is', async () => {
    const { session, clock, asked } = await openForm(
      { account: { type: 'string' }, role: ROLE },
      { account: '1' },
    );
    session.enter(['account'], '2');
    await turn();
    clock.pass(150);
    await turn();
    const [first, second] = asked;
    assert.deepEqual(
      asked.map(({ need }) => need.form),
      [{ account: '1' }, { account: '2' }],
    );
    assert.equal(first?.signal.aborted, true);
    second?.answer(answerOf(['role-of-2']));
    await turn();
    first?.answer(answerOf(['role-of-1']));
    await session.settled();
    assert.equal(session.get()['role'], 'role-of-2');
  });

  it('takes the newest start when one thing is asked twice', async () => {
    const { session, asked } = await openForm({ account: ACCOUNT });
    session.retry('/account');
    await turn();
    assert.equal(asked.length, 2);
    asked[1]?.answer(answerOf(['new']));
    asked[0]?.answer(answerOf(['old']));
    await session.settled();
    const options = session.field('/account')?.options;
    assert.deepEqual(options?.status === 'ready' ? options.options.map(({ value }) => value) : null, ['new']);
  });

  it('asks first needs at once, and those that follow typing after a pause', async () => {
    const { session, clock, asked } = await openForm(
      { account: { type: 'string' }, role: ROLE },
      { account: '1' },
    );
    assert.equal(asked.length, 1);
    for (const account of ['12', '123']) {
      session.enter(['account'], account);
      await turn();
    }
    assert.equal(asked.length, 1);
    clock.pass(150);
    assert.deepEqual(
      asked.map(({ need }) => need.form['account']),
      ['1', '123'],
    );
  });

  it('does not overwrite what somebody entered, and brings the suggestion back when asked to', async () => {
    const { session } = await openForm(RING, { name: 'x' });
    session.change(session.get(), { ...session.get(), other: 'mine' });
    session.enter(['name'], 'y');
    await session.settled();
    assert.deepEqual(session.get(), { name: 'y', other: 'mine' });
    assert.equal(session.field('/other')?.suggested, 'y');
    session.restore('/other');
    await session.settled();
    assert.deepEqual(session.get(), { name: 'y', other: 'y' });
    assert.deepEqual(session.entered(), { name: 'y' });
  });

  it('leaves a field empty that somebody emptied', async () => {
    const { session } = await openForm(RING, { name: 'x' });
    session.change(session.get(), { ...session.get(), other: undefined });
    session.addMissing({ other: 'default' });
    await session.settled();
    assert.deepEqual(session.get(), { name: 'x', other: undefined });
    assert.equal(session.field('/other')?.origin, 'none');
  });

  it('keeps the value of a child that is still possible, else resets it and says so (rjsf#3838)', async () => {
    const { session, asked } = await openForm(
      { account: { type: 'string' }, role: ROLE },
      { account: '1', role: 'admin' },
    );
    asked[0]?.answer(answerOf(['reader', 'admin']));
    await session.settled();
    assert.equal(session.get()['role'], 'admin');
    session.enter(['account'], '2');
    const settled = session.settled();
    await turn();
    asked[1]?.answer(answerOf(['writer']));
    await settled;
    assert.equal(session.get()['role'], 'writer');
    assert.deepEqual(session.field('/role')?.replaced, { entered: 'admin' });
    assert.equal(session.entered()['role'], 'admin');
    session.accept('/role');
    await session.settled();
    assert.equal(session.field('/role')?.replaced, null);
    assert.deepEqual(session.entered(), { account: '2' });
  });

  it('has no value in any link of a chain of branches once the first no longer holds (rjsf#4089)', async () => {
    const graph = await compileForm({
      pages: [
        {
          type: 'object',
          properties: { ...RING, one: { type: 'boolean' } },
          dependencies: {
            one: {
              oneOf: [
                { properties: { one: { const: true }, two: { type: 'boolean' } } },
                { properties: { one: { const: false } } },
              ],
            },
            two: {
              oneOf: [
                { properties: { two: { const: true }, three: { type: 'string' } } },
                { properties: { two: { const: false } } },
              ],
            },
          },
        },
      ],
    });
    const session = createFormSession({
      graph,
      user: ANNA,
      entered: { one: true, two: true, three: 'x' },
      ask: createQueue().ask,
    });
    await session.settled();
    assert.deepEqual(session.get(), { one: true, two: true, three: 'x' });
    session.enter(['one'], false);
    await session.settled();
    assert.deepEqual(session.get(), { one: false });
    session.enter(['one'], true);
    await session.settled();
    assert.deepEqual(session.get(), { one: true, two: true, three: 'x' });
  });

  it('stops a field that writes for ever, says so there, and goes on with the others', async () => {
    for (const properties of [RING, { name: {}, other: {} }]) {
      const { session, clock } = await openForm(properties);
      for (let round = 0; round < 500; round += 1) {
        session.change(session.get(), { ...session.get(), name: round % 2 === 0 ? 'a' : 'b' });
        if (round % 50 === 0) await turn();
      }
      await session.settled();
      assert.match(session.field('/name')?.problems[0]?.message ?? '', /again and again/);
      const stopped = session.get()['name'];
      session.change(session.get(), { ...session.get(), name: 'c', other: 'kept' });
      await session.settled();
      assert.deepEqual(session.get(), { name: stopped, other: 'kept' });
      clock.pass(1000);
      session.change(session.get(), { ...session.get(), name: 'after a while' });
      await session.settled();
      assert.equal(session.get()['name'], 'after a while');
      assert.equal(session.field('/name')?.problems[0], undefined);
      session.close();
    }
  });

  it('takes over everything that a quickly dragged slider writes', async () => {
    const { session } = await openForm(RING);
    for (let step = 0; step < 120; step += 1)
      session.change(session.get(), { ...session.get(), name: String(step) });
    assert.equal(session.get()['name'], '119');
  });

  it('tells of a failed source, and asks it again', async () => {
    const { session, asked } = await openForm({ account: ACCOUNT }, { account: '1' });
    asked[0]?.fail('the host does not answer');
    await session.settled();
    assert.equal(session.field('/account')?.options?.status, 'failed');
    assert.match(session.field('/account')?.problems[0]?.message ?? '', /the host does not answer/);
    assert.equal(session.get()['account'], '1');
    session.retry('/account');
    await turn();
    asked[1]?.answer(answerOf(['1']));
    await session.settled();
    assert.deepEqual(session.field('/account')?.problems, []);
  });

  it('verifies values beyond what was sent of a long list, and searches there', async () => {
    const { session, asked } = await openForm({ account: ACCOUNT }, { account: 'far' });
    asked[0]?.answer(answerOf(['near'], { total: 5000, isTruncated: true }));
    await turn();
    assert.deepEqual(asked[1]?.need.holds, ['far']);
    assert.equal(session.get()['account'], 'far');
    asked[1]?.answer(
      answerOf(['near'], { total: 5000, isTruncated: true, held: [{ value: 'far', label: 'Far' }] }),
    );
    await session.settled();
    assert.equal(session.field('/account')?.replaced, null);
    const found = session.search('/account', 'fa', new AbortController().signal);
    assert.equal(asked[2]?.search, 'fa');
    asked[2]?.answer(answerOf(['far']));
    assert.deepEqual((await found).options, [{ value: 'far', label: 'far' }]);
    session.enter(['account'], 'nowhere');
    const settled = session.settled();
    await turn();
    asked[3]?.answer(answerOf(['near'], { total: 5000, isTruncated: true }));
    await settled;
    assert.deepEqual(session.field('/account')?.replaced, { entered: 'nowhere' });
  });

  it('costs nothing but the store where nothing depends on anything', async () => {
    const { session, asked } = await openForm({ a: { type: 'string' } });
    let told = 0;
    session.subscribe(() => (told += 1));
    const before = session.get();
    session.change({ a: 1 }, { a: 1 });
    assert.equal(session.get(), before);
    session.change(before, { a: 'x' });
    assert.equal(told, 1);
    await turn();
    assert.equal(told, 1);
    assert.equal(asked.length, 0);
    assert.equal(session.resolution().values, session.get());
    assert.equal(session.field('/a'), undefined);
  });

  it('keeps the same objects while nothing of them changes', async () => {
    const { session } = await openForm({ ...RING, far: { type: 'string', 'ui:default': "'x'" } });
    const far = session.field('/far');
    session.enter(['name'], 'x');
    await session.settled();
    assert.equal(session.field('/far'), far);
    const resolution = session.resolution();
    session.enter(['name'], 'x');
    await session.settled();
    assert.equal(session.resolution(), resolution);
  });

  it('goes on with another graph, and keeps what was entered and answered', async () => {
    const { session, asked } = await openForm({ account: ACCOUNT }, { account: '1', note: 'kept' });
    asked[0]?.answer(answerOf(['1']));
    await session.settled();
    session.replaceGraph(
      await graphOf({ account: ACCOUNT, copy: { type: 'string', 'ui:default': 'form.account' } }),
    );
    await session.settled();
    assert.equal(asked.length, 1);
    assert.deepEqual(session.get(), { account: '1', note: 'kept', copy: '1' });
  });

  it('follows the values of a list item within the item', async () => {
    const { session } = await openForm({
      regions: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            name: { type: 'string' },
            zone: { type: 'string', 'ui:default': "item.name & '-1'" },
          },
        },
      },
    });
    session.enter(['regions'], [{ name: 'north' }, { name: 'south', zone: 'mine' }]);
    await session.settled();
    const shown = session.get();
    assert.deepEqual(shown['regions'], [
      { name: 'north', zone: 'north-1' },
      { name: 'south', zone: 'mine' },
    ]);
    const items = Array.isArray(shown['regions']) ? shown['regions'] : [];
    session.change(shown, { ...shown, regions: [...items, { name: 'west' }] });
    session.enter(['regions', 0, 'name'], 'far north');
    await session.settled();
    assert.deepEqual(session.get()['regions'], [
      { name: 'far north', zone: 'far north-1' },
      { name: 'south', zone: 'mine' },
      { name: 'west', zone: 'west-1' },
    ]);
  });

  it('ends what is on the way when it is closed', async () => {
    const { session, asked } = await openForm({ account: ACCOUNT });
    const settled = session.settled();
    session.close();
    assert.equal(asked[0]?.signal.aborted, true);
    await settled;
  });
});
