import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compileForm, resolveForm, type FormGraph, type Resolution } from '@callboard/form';
import type { JsonObject } from '@callboard/model';
import { stateOf } from '../../../create/field-state.fixture.ts';
import { readRjsfAsModule } from '../../../create/rjsf.fixture.ts';

readRjsfAsModule();
const { CARD, fieldsNow, layoutIn, ringOf, structureOf, titleIn } = await import('./picture.ts');
const { sentencesOf, sentencesOfField } = await import('./sentences.ts');

const USER = { ref: 'user:default/anna', name: 'anna', displayName: null, email: null, groups: [] };

const PAGE: JsonObject = {
  required: ['kind'],
  properties: {
    kind: { type: 'string', title: 'Kind', minLength: 3 },
    region: {
      type: 'string',
      title: 'Region',
      'ui:source': { static: ['eu', 'us'] },
      'ui:visible': "form.kind = 'service'",
      'ui:default': "form.kind = 'service' ? 'eu'",
    },
    zone: {
      type: 'string',
      title: 'Zone',
      'ui:source': { provider: 'x:zones', with: { of: '${{ form.region }}' } },
    },
    token: { type: 'string', title: 'Token', 'ui:field': 'Secret' },
    note: { type: 'string', title: 'Note' },
    locked: { type: 'string', title: 'Locked', 'ui:disabled': '$exists(form.kind)' },
  },
};

async function at(
  entered: JsonObject,
  page = PAGE,
): Promise<{ readonly graph: FormGraph; readonly resolution: Resolution }> {
  const graph = await compileForm({ pages: [page] });
  return { graph, resolution: await resolveForm({ graph, entered, user: USER, answers: new Map() }) };
}

function wordsOf(graph: FormGraph): Parameters<typeof sentencesOf>[1] {
  return { titleOf: (id) => titleIn(graph, id), isSecret: (id) => id === '/token' };
}

describe('structureOf', () => {
  it('joins fields with those that follow from them, and lists the rest in the order of the form', async () => {
    const { graph } = await at({});
    const { linked, loose, edges } = structureOf(graph);
    assert.deepEqual(linked, ['/kind', '/region', '/zone', '/locked']);
    assert.deepEqual(loose, ['/token', '/note']);
    const named = edges.map(([from, to]) => `${linked[from]} ${linked[to]}`).toSorted();
    assert.deepEqual(named, ['/kind /locked', '/kind /region', '/region /zone']);
  });
});

describe('layoutIn', () => {
  it('goes from left to right where there is room, and else down', async () => {
    const { graph } = await at({});
    const structure = structureOf(graph);
    const broad = layoutIn(structure, 1_000).nodes;
    assert.equal(broad.length, 4);
    assert.ok((broad[1]?.x ?? 0) >= (broad[0]?.x ?? 0) + CARD.width);
    const narrow = layoutIn(structure, 300).nodes;
    assert.ok((narrow[1]?.y ?? 0) >= (narrow[0]?.y ?? 0) + CARD.height);
  });
});

describe('fieldsNow', () => {
  it('says what each field is now, and hides secrets', async () => {
    const { graph, resolution } = await at({ kind: 'service', token: 'hunter22', note: 'x', locked: 'no' });
    const now = fieldsNow(graph, resolution);
    const seen = [...now.values()].map(({ id, value, marks }) => [id, value, [...marks].toSorted()]);
    assert.deepEqual(Object.fromEntries(seen.map(([id, ...rest]) => [String(id), rest])), {
      '/kind': ['service', ['required']],
      '/region': ['eu', ['suggested']],
      '/zone': [null, ['loading']],
      '/token': ['••••••', []],
      '/note': ['x', []],
      '/locked': [null, ['disabled']],
    });
    assert.deepEqual(now.get('/region')?.neededBy, ['/zone']);
  });

  it('finds what is hidden, what waits, and what the schema refuses', async () => {
    const { graph, resolution } = await at({ kind: 'a' });
    const now = fieldsNow(graph, resolution);
    assert.deepEqual(now.get('/region')?.marks, ['hidden']);
    assert.deepEqual(now.get('/zone')?.marks, ['waiting']);
    assert.deepEqual(now.get('/kind')?.marks, ['wrong', 'required']);
  });

  it('puts what is wrong with a rule to its field, and gathers the items of a list', async () => {
    const { graph, resolution } = await at(
      { list: [{ a: 'x' }, { a: 'y' }] },
      {
        properties: {
          list: {
            type: 'array',
            items: {
              type: 'object',
              properties: { a: { type: 'string', 'ui:visible': 'true' }, b: { 'ui:visible': '((' } },
            },
          },
        },
      },
    );
    const now = fieldsNow(graph, resolution);
    assert.equal(now.get('/list/*/a')?.value, 'x, y');
    assert.equal(now.get('/list/*/a')?.states.length, 2);
    assert.deepEqual(now.get('/list/*/b')?.marks, ['rule']);
    assert.equal(titleIn(graph, '/list/1/a'), titleIn(graph, '/list/*/a'));
  });
});

describe('ringOf', () => {
  it('names the fields of a ring, and of nothing else', async () => {
    const { graph } = await at(
      {},
      {
        properties: {
          a: { 'ui:visible': 'form.b = 1' },
          b: { 'ui:visible': 'form.c = 1' },
          c: { 'ui:visible': 'form.a = 1' },
          d: { 'ui:visible': '((' },
        },
      },
    );
    const rings = graph.diagnostics.map((one) => ringOf(one, graph)?.toSorted() ?? null);
    assert.deepEqual(
      rings.toSorted((a, b) => (a?.length ?? 0) - (b?.length ?? 0)),
      [null, ['/a', '/b', '/c']],
    );
  });
});

describe('sentencesOfField', () => {
  it('says why a field is hidden, fixed, suggested, waiting or wrong', async () => {
    const service = await at({ kind: 'service' });
    const words = wordsOf(service.graph);
    const say = ({ graph, resolution }: typeof service, id: string): readonly string[] => {
      const now = fieldsNow(graph, resolution).get(id);
      return now === undefined ? [] : sentencesOfField(now, words).map(({ text }) => text);
    };
    assert.deepEqual(say(service, '/region'), [
      "Its value is suggested: `form.kind = 'service' ? 'eu'` gives “eu”: Kind is “service”.",
    ]);
    assert.deepEqual(say(service, '/locked'), [
      'It cannot be changed: `$exists(form.kind)` gives “true”: Kind is “service”.',
    ]);
    assert.deepEqual(say(service, '/zone'), ['Its source is being asked.']);
    const other = await at({});
    assert.deepEqual(say(other, '/region'), [
      "It is hidden: `form.kind = 'service'` gives “false”: Kind has no value.",
    ]);
    assert.deepEqual(say(other, '/zone'), ['Its options wait for a value of Region.']);
    assert.match(say(await at({ kind: 'a' }), '/kind').join(), /It is wrong: Kind .*3 characters/);
    assert.deepEqual(say(service, '/note'), []);
  });

  it('says what was entered and does not count', async () => {
    const { graph, resolution } = await at({ kind: 'service', region: 'moon' });
    const now = fieldsNow(graph, resolution).get('/region');
    const [first] = now === undefined ? [] : sentencesOfField(now, wordsOf(graph));
    assert.deepEqual(first, {
      tone: 'bad',
      text: '“moon” was entered and does not count: it is not one of the options.',
    });
  });

  it('shows no secret that a rule read', async () => {
    const { graph } = await at({});
    const field = graph.fields[0];
    assert.ok(field !== undefined);
    const reason = {
      what: 'visible',
      text: 'x',
      at: '',
      result: false,
      read: { '/token': 'hunter22' },
      failure: null,
    } as const;
    const state = { ...stateOf('/note', { isVisible: false, reasons: [reason] }), field };
    const text = sentencesOf(state, wordsOf(graph))
      .map((one) => one.text)
      .join();
    assert.ok(text.includes('••••••') && !text.includes('hunter22'), text);
  });
});
