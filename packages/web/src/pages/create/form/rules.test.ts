import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { resolutionOf, stateOf } from '../field-state.fixture.ts';
import { changesIn } from './changes.ts';
import { createExtensionStore } from './extension-store.ts';
import { namesUnknown } from './named-words.ts';
import { keyOfValue, labelOfValue } from './option-words.ts';
import { fieldsRead, marksOf } from './rule-marks.ts';
import { heeded, isHidden, ruleProblems } from './rule-problems.ts';
import { hasChoices, withoutRules } from './rule-words.ts';
import { fieldIdOf } from './session-context.ts';

const literal = { kind: 'literal', value: 'x' } as const;
const options = {
  status: 'ready',
  options: [
    { value: 'eu', label: 'Europe' },
    { value: 1, label: 'One' },
  ],
  total: 2,
  isTruncated: false,
} as const;

describe('withoutRules', () => {
  it('takes out what the session resolves, in every spelling, and nothing else', () => {
    const plain = { type: 'string', enum: ['a'], default: 'a', required: ['b'], 'ui:disabled': true };
    assert.equal(withoutRules(plain), plain);
    const ruled = {
      ...plain,
      'ui:source': {},
      'ui:visible': 'form.a',
      'ui:default': 'b',
      'ui:enum': ['c'],
      'ui:validate': 'true',
      'ui:required': true,
      'ui:disabled': 'form.a',
      'ui:props': {},
      'ui:options': { autofillFrom: 'a' },
      visible: { jqQuery: '.form.a' },
      disabled: false,
      dependsOn: ['a'],
      dataset: {},
    };
    assert.deepEqual(withoutRules(ruled), {
      type: 'string',
      enum: ['a'],
      default: 'a',
      required: ['b'],
      'ui:options': { autofillFrom: 'a' },
    });
    const query = { jqQuery: '.form.a' };
    assert.deepEqual(withoutRules({ enum: query, default: query, required: query }), {});
  });
});

describe('hasChoices', () => {
  it('is true of what says what there is to choose from', () => {
    const chosen = [{ 'ui:source': {} }, { 'ui:enum': [] }, { 'ui:props': {} }, { enum: { jqQuery: '.x' } }];
    for (const node of chosen) assert.equal(hasChoices(node), true);
    for (const node of [{}, { enum: ['a'] }, { 'ui:default': 'x' }]) assert.equal(hasChoices(node), false);
  });
});

describe('marksOf', () => {
  const rules = { suggest: literal };

  it('marks a suggested value, and offers it again when another was entered', () => {
    const suggested = marksOf(stateOf('/a', { rules, value: 'x', suggested: 'x', origin: 'suggested' }));
    assert.deepEqual([suggested.isSuggested, suggested.canRestore], [true, false]);
    const entered = marksOf(stateOf('/a', { rules, value: 'y', suggested: 'x', origin: 'entered' }));
    assert.deepEqual([entered.isSuggested, entered.canRestore], [false, true]);
    const same = marksOf(stateOf('/a', { rules, value: 'x', suggested: 'x', origin: 'entered' }));
    assert.equal(same.isAny, false);
    const emptied = marksOf(stateOf('/a', { rules, suggested: 'x' }));
    assert.equal(emptied.canRestore, true);
  });

  it('says nothing of a default of the schema, and names rules that fail', () => {
    assert.equal(marksOf(stateOf('/a', { value: 'x', suggested: 'x', origin: 'suggested' })).isAny, false);
    const problems = [
      { kind: 'rule-failed', message: 'it threw' },
      { kind: 'check', message: 'is bad' },
    ] as const;
    assert.deepEqual(marksOf(stateOf('/a', { problems })).failures, ['it threw']);
  });

  it('names a suggestion that failed for as long as there is no value', () => {
    const reason = { what: 'suggest', text: '', at: '', result: undefined, read: {} } as const;
    const reasons = [{ ...reason, failure: 'it loops' }];
    const { failures } = marksOf(stateOf('/a', { rules, reasons }));
    assert.deepEqual(failures, ['has a suggestion that failed: it loops']);
    const entered = marksOf(stateOf('/a', { rules, reasons, value: 'x', origin: 'entered' }));
    assert.deepEqual(entered.failures, []);
  });
});

describe('fieldsRead', () => {
  it('tells the fields that a rule waits for from those that it follows', () => {
    const reason = { what: 'disabled', text: '', at: '', result: true, failure: null } as const;
    const reasons = [{ ...reason, read: { '/account': undefined, '/kind': 'a' } }];
    assert.deepEqual(fieldsRead(stateOf('/a', { reasons }), 'disabled'), {
      missing: ['/account'],
      given: ['/kind'],
    });
  });
});

describe('labelOfValue', () => {
  it('is the label of the option, of a list those of its items, else the value', () => {
    const state = stateOf('/a', { options });
    assert.equal(labelOfValue(state, 'eu'), 'Europe');
    assert.equal(labelOfValue(state, [1, 'us']), 'One, us');
    assert.equal(labelOfValue(state, '1'), '1');
    assert.notEqual(keyOfValue('1'), keyOfValue(1));
  });
});

describe('changesIn', () => {
  it('says what changed by itself, and nothing of what was entered', () => {
    const before = resolutionOf(
      stateOf('/role', { title: 'Role' }),
      stateOf('/name', { title: 'Name' }),
      stateOf('/size', { title: 'Size', isVisible: false }),
      stateOf('/zone', { title: 'Zone', value: 'us', origin: 'entered' }),
    );
    const after = resolutionOf(
      stateOf('/role', { title: 'Role', value: 'eu', origin: 'suggested', options }),
      stateOf('/name', { title: 'Name', value: 'x', origin: 'entered' }),
      stateOf('/size', { title: 'Size' }),
      stateOf('/zone', {
        title: 'Zone',
        value: 'eu',
        origin: 'suggested',
        options,
        replaced: { entered: 'us' },
      }),
    );
    assert.deepEqual(changesIn({ before, after, page: 0 }), [
      'Role is now “Europe”.',
      'Size is asked for, too.',
      '“us” is no longer possible for “Zone”. “Europe” was taken instead.',
    ]);
    assert.deepEqual(changesIn({ before: after, after, page: 0 }), []);
    assert.deepEqual(changesIn({ before, after, page: 1 }), []);
  });
});

describe('ruleProblems', () => {
  it('says what checks say, and what is missing, of the fields of a page that are shown', () => {
    const problems = [{ kind: 'check', message: 'is taken' }] as const;
    const resolution = resolutionOf(
      stateOf('/list/0/name', { inGraph: '/list/*/name', problems }),
      stateOf('/b', { isRequired: true }),
      stateOf('/c', { isRequired: true }),
      stateOf('/d', { isVisible: false, isRequired: true, problems }),
      stateOf('/e', { page: 1, problems }),
    );
    assert.deepEqual(ruleProblems(0, resolution, [{ path: ['c'], message: 'is required' }]), [
      { path: ['list', 0, 'name'], message: 'is taken' },
      { path: ['b'], message: 'is required' },
    ]);
  });
});

describe('heeded', () => {
  it('leaves out what the schema says of fields that are hidden or need not be', () => {
    const rules = { required: literal };
    const resolution = resolutionOf(
      stateOf('/aws', { isVisible: false }),
      stateOf('/b', { rules }),
      stateOf('/c', {}),
    );
    const of = (path: readonly string[], keyword: string) => ({ path, keyword, message: keyword });
    const found = [
      of(['aws', 'region'], 'enum'),
      of(['b'], 'required'),
      of(['b'], 'type'),
      of(['c'], 'required'),
    ];
    assert.deepEqual(
      heeded(found, resolution).map(({ path, message }) => `${path.join('.')} ${message}`),
      ['b type', 'c required'],
    );
    assert.equal(isHidden(['aws'], resolution), true);
    assert.equal(isHidden(['b'], resolution), false);
  });
});

describe('fieldIdOf', () => {
  it('finds a field by the id of its element, and tells a_b from the b of a', () => {
    const resolution = resolutionOf(
      stateOf('/a/b'),
      stateOf('/a_b'),
      stateOf('/list/0'),
      stateOf('/odd~1name'),
    );
    const find = (elementId: string, name: string): string | null =>
      fieldIdOf(resolution, { elementId, name });
    assert.equal(find('root_a_b', 'b'), '/a/b');
    assert.equal(find('root_a_b', 'a_b'), '/a_b');
    assert.equal(find('root_list_0', 'list-0'), '/list/0');
    assert.equal(find('root_odd/name', 'odd/name'), '/odd~1name');
    assert.equal(find('root_x', 'x'), null);
  });
});

describe('namesUnknown', () => {
  it('finds a field or a layout that is not there, however deep', () => {
    const words = { fields: new Set(['Own']), layouts: new Set(['Two']) };
    const of = (schema: Readonly<Record<string, unknown>>): boolean =>
      namesUnknown([{ title: null, description: null, schema }], words);
    assert.equal(
      of({ properties: { a: { 'ui:field': 'Own' }, b: { 'ui:ObjectFieldTemplate': 'Two' } } }),
      false,
    );
    assert.equal(of({ allOf: [{ else: { properties: { a: { 'ui:field': 'Other' } } } }] }), true);
    assert.equal(of({ properties: { b: { 'ui:ObjectFieldTemplate': 'Three' } } }), true);
  });
});

describe('createExtensionStore', () => {
  it('puts what a source adds in the place of what it added before', () => {
    const own = { name: 'Own', component: () => null };
    const store = createExtensionStore({ fields: [own], layouts: [], decorators: [] });
    let told = 0;
    const stop = store.subscribe(() => (told += 1));
    const first = store.get();
    assert.equal(store.get(), first);
    const names = (): readonly string[] => store.get().fields.map(({ name }) => name);
    store.set('a', { fields: [{ ...own, name: 'A' }] });
    store.set('b', { fields: [{ ...own, name: 'B' }] });
    store.set('a', { fields: [{ ...own, name: 'A2' }] });
    assert.deepEqual(names(), ['Own', 'A2', 'B']);
    store.set('a', {});
    assert.deepEqual(names(), ['Own', 'B']);
    assert.equal(told, 4);
    stop();
  });
});
