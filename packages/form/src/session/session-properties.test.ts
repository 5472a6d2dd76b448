import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { isObject, type JsonObject, type JsonValue } from '@callboard/model';
import { refusals } from '../apply/refusals.ts';
import { valuesToSend } from '../apply/values-to-send.ts';
import { compileForm } from '../compile/compile-form.ts';
import type { FieldState, FormGraph, FormUser, SourceAnswer, SourceNeed } from '../graph.ts';
import { expect, expectedRefusals, expectedValues, heldBy } from '../resolve/form-model.fixture.ts';
import type { EnteredRows, EnteredValues, Expected, ModelRequest } from '../resolve/form-model.fixture.ts';
import { pagesOf, randomForm, word, type RandomForm } from '../resolve/random-form.fixture.ts';
import { settleForm } from '../resolve/resolve-form.ts';
import { toJson } from '../schema/check-values.ts';
import { createFormSession } from './create-form-session.ts';
import type { FormSession } from './form-session.ts';

const isLong = process.env['CALLBOARD_LONG'] === '1';
/** Making a failing form smaller takes minutes: it is told with its seed, and made smaller on request. */
const ENDING = { endOnFailure: process.env['CALLBOARD_SHRINK'] !== '1' } as const;
const ANNA: FormUser = {
  ref: 'user:default/anna',
  name: 'anna',
  displayName: 'Anna',
  email: null,
  groups: [],
};

function answerFor({ field, form }: SourceNeed): SourceAnswer {
  const name = field.slice(1);
  const [read] = Object.values(form);
  const list = heldBy(name, typeof read === 'string' ? read : undefined);
  if (list === null) throw new Error('broken');
  const options = list.map((value) => ({ value, label: value.toUpperCase() }));
  return { options, total: options.length, isTruncated: false, held: [] };
}

type Step =
  | {
      readonly do: 'write';
      readonly writes: readonly (readonly [number, string | null])[];
      readonly page: number;
    }
  | { readonly do: 'restore' | 'accept'; readonly field: number }
  | {
      readonly do: 'row';
      readonly what: 'add' | 'remove' | 'a' | 'b' | 'c';
      readonly at: number;
      readonly word: string;
    }
  | { readonly do: 'answer'; readonly which: number; readonly fails: boolean }
  | { readonly do: 'look' | 'turn' | 'timer' | 'graph' };

const value = fc.option(fc.oneof(word, fc.constant('zz')), { freq: 5 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('write' as const),
      writes: fc.array(fc.tuple(fc.nat(59), value), { minLength: 1, maxLength: 4 }),
      page: fc.nat(6),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('restore' as const, 'accept' as const), field: fc.nat(59) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('row' as const),
      what: fc.constantFrom('add' as const, 'remove' as const, 'a' as const, 'b' as const, 'c' as const),
      at: fc.nat(5),
      word,
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('answer' as const), which: fc.nat(20), fails: fc.boolean() }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'look' as const,
        'look' as const,
        'turn' as const,
        'turn' as const,
        'timer' as const,
        'graph' as const,
      ),
    }),
  },
);

interface OnTheWay {
  readonly need: SourceNeed;
  readonly resolve: (answer: SourceAnswer) => void;
  readonly reject: (reason: Error) => void;
}

/** A session, sources that answer when they are told to, and a record of what was entered that knows nothing of the session. */
function openForm(graph: FormGraph, smaller: FormGraph, form: RandomForm) {
  const onTheWay: OnTheWay[] = [];
  const timers = new Set<() => void>();
  const entered = new Map<string, string | null>();
  let rows: Readonly<Record<string, string>>[] | null = null;
  const session = createFormSession({
    graph,
    user: ANNA,
    ask: (need) => new Promise((resolve, reject) => onTheWay.push({ need, resolve, reject })),
    clock: {
      after(_, then) {
        timers.add(then);
        return () => timers.delete(then);
      },
    },
  });
  let view = session.get();
  const answer = ({ need, resolve, reject }: OnTheWay): void => {
    try {
      resolve(answerFor(need));
    } catch (thrown) {
      reject(thrown instanceof Error ? thrown : new Error('broken'));
    }
  };
  const nameAt = (index: number): string => `f${index % form.fields.length}`;
  const write = (writes: readonly (readonly [number, string | null])[], page: number): void => {
    const own = form.fields.filter((field) => field.page === page % form.pageCount).map(({ name }) => name);
    // Half of the views show one page only.
    const isWhole = page % 2 === 0 || own.length === 0;
    const shown = isWhole
      ? view
      : Object.fromEntries(Object.entries(view).filter(([key]) => own.includes(key)));
    for (const [index, next] of writes) {
      const name = isWhole ? nameAt(index) : (own[index % own.length] ?? nameAt(index));
      if (next === null ? shown[name] === undefined : shown[name] === next) continue;
      session.change(shown, { ...shown, [name]: next ?? undefined });
      entered.set(name, next);
    }
  };
  const changeRow = ({ what, at, word: next }: Extract<Step, { do: 'row' }>): void => {
    const now = session.get();
    const list: readonly JsonValue[] = Array.isArray(now['rows']) ? now['rows'] : [];
    const index = list.length === 0 ? 0 : at % list.length;
    if (what === 'add') {
      session.change(now, { ...now, rows: [...list, { a: next }] });
      rows = [...(rows ?? []), { a: next }];
      return;
    }
    if (list.length === 0 || rows === null) return;
    if (what === 'remove') {
      session.change(now, { ...now, rows: list.filter((_, other) => other !== index) });
      rows = rows.filter((_, other) => other !== index);
      return;
    }
    const row = list[index];
    if (!isObject(row) || row[what] === next) return;
    session.change(now, {
      ...now,
      rows: list.map((item, other) => (other === index ? { ...row, [what]: next } : item)),
    });
    rows = rows.map((item, other) => (other === index ? { ...item, [what]: next } : item));
  };
  const accept = (name: string): void => {
    const state = session.field(`/${name}`);
    session.accept(`/${name}`);
    if (state === undefined || state.replaced === null) return;
    if (state.origin === 'entered' && typeof state.value === 'string') entered.set(name, state.value);
    else entered.delete(name);
  };
  let graphs = [smaller, graph];
  const run = async (one: Step): Promise<void> => {
    switch (one.do) {
      case 'write':
        return write(one.writes, one.page);
      case 'row':
        return changeRow(one);
      case 'restore':
        session.restore(`/${nameAt(one.field)}`);
        entered.delete(nameAt(one.field));
        return;
      case 'accept':
        return accept(nameAt(one.field));
      case 'look':
        view = session.get();
        return;
      case 'turn':
        await new Promise((resolve) => void setImmediate(resolve));
        return;
      case 'timer':
        for (const then of [...timers].slice(0, 1)) {
          timers.delete(then);
          then();
        }
        return;
      case 'graph':
        session.replaceGraph(graphs[0] ?? graph);
        graphs = graphs.toReversed();
        return;
      case 'answer': {
        const [chosen] = onTheWay.splice(one.which % Math.max(1, onTheWay.length), 1);
        if (chosen === undefined) return;
        if (one.fails) chosen.reject(new Error('later'));
        else answer(chosen);
        return;
      }
      default:
        return one satisfies never;
    }
  };
  /** Everything that is asked is answered, last first, until nothing is on the way and nothing failed that need not. */
  const settle = async (): Promise<void> => {
    session.replaceGraph(graph);
    for (;;) {
      const settling = { isDone: false };
      const settled = session.settled().finally(() => (settling.isDone = true));
      for (let turn = 0; !settling.isDone; turn += 1) {
        for (const one of onTheWay.splice(0).toReversed()) answer(one);
        await new Promise((resolve) => void setImmediate(resolve));
        assert.ok(turn < 5000, 'it settles');
      }
      await settled;
      const failed = [...session.resolution().fields.values()].filter(failedForNow);
      if (failed.length === 0) return;
      for (const { id } of failed) session.retry(id);
    }
  };
  const request = (): ModelRequest => ({ form, entered, rows });
  return { session, run, settle, request };
}

function failedForNow({ problems }: FieldState): boolean {
  return problems.some(({ message }) => message.includes('later'));
}

function assertState(state: FieldState, expected: Expected, name: string): void {
  const {
    isPresent,
    isVisible,
    isDisabled,
    isRequired,
    value: counts,
    origin,
    choices,
    isReplaced,
  } = expected;
  const found = {
    isPresent: state.isPresent,
    isVisible: state.isVisible,
    isDisabled: state.isDisabled,
    isRequired: state.isRequired,
    value: state.value,
    origin: state.origin,
    isReplaced: state.replaced !== null,
    options: state.options?.status ?? 'any',
  };
  const status = choices.kind === 'list' ? 'ready' : choices.kind;
  const wanted = {
    isPresent,
    isVisible,
    isDisabled,
    isRequired,
    value: counts,
    origin,
    isReplaced,
    options: status,
  };
  assert.deepEqual(found, wanted, name);
  if (choices.kind === 'list' && state.options?.status === 'ready') {
    assert.deepEqual(
      state.options.options.map((option) => option.value),
      choices.list,
      name,
    );
  }
  const checks = state.problems.filter(({ kind }) => kind === 'check').map(({ message }) => message);
  assert.deepEqual(checks, expected.isSame ? ['is the same'] : [], name);
}

function assertIsModel(session: FormSession, request: ModelRequest): void {
  assert.deepEqual(toJson(session.get()), expectedValues(request));
  const states = expect(request);
  for (const { name } of request.form.fields) {
    const state = session.field(`/${name}`);
    const expected = states.get(name);
    if (state !== undefined && expected !== undefined) assertState(state, expected, name);
  }
  assert.deepEqual(session.resolution().needs, []);
}

async function graphOf(form: RandomForm): Promise<FormGraph> {
  const graph = await compileForm({ pages: [...pagesOf(form)] });
  assert.deepEqual(graph.diagnostics, []);
  return graph;
}

/** A graph in which every other field declares nothing. */
async function halfOf(form: RandomForm): Promise<FormGraph> {
  const [plain] = pagesOf({
    ...form,
    fields: form.fields.filter((_, index) => index % 2 === 0 && index < 4),
  });
  return compileForm({ pages: [plain ?? {}] });
}

async function playedForm(form: RandomForm, steps: readonly Step[]) {
  const graph = await graphOf(form);
  const open = openForm(graph, await halfOf(form), form);
  for (const one of steps) await open.run(one);
  await open.settle();
  return { graph, ...open };
}

const forms = fc.oneof({ weight: 3, arbitrary: randomForm(12) }, { weight: 1, arbitrary: randomForm(60) });

function settleSent(graph: FormGraph, entered: JsonObject) {
  const { signal } = new AbortController();
  return settleForm({ graph, entered, user: ANNA, ask: async (need) => answerFor(need), signal });
}

describe('createFormSession', () => {
  it('ends at what the model says, whatever the order of writes and answers', async () => {
    await fc.assert(
      fc.asyncProperty(forms, fc.array(step, { maxLength: 40 }), async (form, steps) => {
        const { session, request } = await playedForm(form, steps);
        assertIsModel(session, request());
        session.close();
      }),
      { numRuns: isLong ? 10_000 : 70, ...ENDING },
    );
  });
});

describe('settleForm and refusals', () => {
  it('take the values of a settled session as they are', async () => {
    await fc.assert(
      fc.asyncProperty(forms, fc.array(step, { maxLength: 25 }), async (form, steps) => {
        const { graph, session, request } = await playedForm(form, steps);
        const sent = toJson(valuesToSend(graph, session.get()));
        assert.ok(isJsonObject(sent));
        session.close();
        const { resolution } = await settleSent(graph, sent);
        assert.deepEqual(toJson(resolution.values), toJson(session.get()));
        const again = modelOf(sent, request());
        const honest = expectedRefusals(again);
        assert.ok(honest.every((one) => !one.endsWith(' hidden') && !one.endsWith(' fixed')));
        assert.deepEqual(named(graph, resolution, sent), honest);
      }),
      { numRuns: isLong ? 1000 : 40, ...ENDING },
    );
  });

  it('refuse exactly what the model does of values that somebody made up', async () => {
    const tampered = fc.dictionary(
      fc.nat(59).map((index) => `f${index}`),
      fc.oneof(word, fc.constant('zz')),
      { maxKeys: 30, noNullPrototype: true },
    );
    await fc.assert(
      fc.asyncProperty(forms, tampered, async (form, given) => {
        const graph = await graphOf(form);
        const names = new Set(form.fields.map(({ name }) => name));
        const sent = Object.fromEntries(Object.entries(given).filter(([name]) => names.has(name)));
        const { resolution } = await settleSent(graph, sent);
        const request: ModelRequest = { form, entered: new Map(Object.entries(sent)), rows: null };
        assert.deepEqual(toJson(resolution.values), expectedValues(request));
        assert.deepEqual(named(graph, resolution, sent), expectedRefusals(request));
      }),
      { numRuns: isLong ? 1000 : 60, ...ENDING },
    );
  });
});

function named(graph: FormGraph, resolution: Parameters<typeof refusals>[0]['resolution'], sent: JsonObject) {
  return refusals({ graph, resolution, sent })
    .map(({ path, kind }) => `${path.join('/')} ${kind}`)
    .toSorted();
}

/** What a server takes for entered: all that was sent. */
function modelOf(sent: JsonObject, { form }: ModelRequest): ModelRequest {
  const entered = new Map<string, string | null>();
  for (const { name } of form.fields) {
    const given = sent[name];
    if (given === null || typeof given === 'string') entered.set(name, given);
  }
  const values: EnteredValues = entered;
  const rows: EnteredRows | null = Array.isArray(sent['rows']) ? sent['rows'].map(rowOf) : null;
  return { form, entered: values, rows };
}

function rowOf(row: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(isObject(row) ? row : {});
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function isJsonObject(given: unknown): given is JsonObject {
  return isObject(given);
}
