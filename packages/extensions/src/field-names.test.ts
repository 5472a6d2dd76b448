import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { componentNames, fieldNames } from './field-names.ts';

describe('fieldNames', () => {
  it('finds each of the public spellings', () => {
    const source = `
      import { createScaffolderFieldExtension } from '@backstage/plugin-scaffolder-react';
      export const a: FieldExtensionOptions<string> = { name: 'Plain', component: Plain, validation };
      export const b = plugin.provide(createScaffolderFieldExtension({ component: B, name: "Provided" }));
      export const c = createFormField({ component: C, name: \`Formed\`, schema });
      export const d = createScaffolderFieldExtension<{ id: string }, Options>({ name: 'Typed', component: D });
      export const e = { 'name': 'Quoted', 'component': E };
      const component = F;
      export const f = { component, name: 'Shorthand' };`;
    const names = ['Plain', 'Provided', 'Formed', 'Typed', 'Quoted', 'Shorthand'];
    assert.deepEqual(fieldNames(source), names);
  });

  it('follows a name that is a constant of the file', () => {
    const constant =
      "const FIELD = 'Berth'; export const x = createFormField({ name: FIELD, component: X });";
    assert.deepEqual(fieldNames(constant), ['Berth']);
    const shorthand = "const name = 'Quay'; export const x = createFormField({ name, component: X });";
    assert.deepEqual(fieldNames(shorthand), ['Quay']);
  });

  it('takes no other name for that of a field', () => {
    const source = `
      // { name: 'Commented', component: X }
      /* createFormField({ name: 'Hidden', component: X }) */
      const regions = [{ name: 'eu-west-1' }, { name: 'us-east-1' }];
      const text = "{ name: 'InText', component: X }";
      export const extension = FormFieldBlueprint.make({ name: 'blueprint', params: { field } });
      export const made = createFormField({ name: prefix + 'x', schema: { name: 'inner' }, component: X });`;
    assert.deepEqual(fieldNames(source), []);
  });

  it('is not misled by elements, apostrophes, URLs and patterns', () => {
    const source = `
      const Field = ({ onChange }) => <div title="a">Don't {list.map((x) => <b key={x}>https://{x}</b>)}</div>;
      const validation = (v, f) => { if (!/^https?:\\/\\//.test(v)) { f.addError("Isn't a URL"); } };
      export const x = { name: 'After', component: Field, validation };`;
    assert.deepEqual(fieldNames(source), ['After']);
  });

  it('reads what is broken or ends too early', () => {
    assert.deepEqual(fieldNames("export const x = createFormField({ name: 'Half', component: "), ['Half']);
    assert.deepEqual(fieldNames("const a = ; export const x = { name: 'Odd', component: X };"), ['Odd']);
    assert.deepEqual(fieldNames('}}})))'), []);
  });

  it('takes time in proportion to the text, whatever it is', () => {
    for (const unit of ["\\'", '\\`', '/*', '{(', '${`', '"', "createFormField({name:'a'"]) {
      assert.ok(fieldNames(unit.repeat(100_000)).length <= 1);
    }
  });
});

describe('componentNames', () => {
  it('finds the components that a file exports, and nothing else', () => {
    const source = `
      export const BerthPicker = ({ formData }: FieldProps) => <b />;
      export const Remembered = memo(function Inner() { return null; });
      export function Quay() {}
      export class Mole extends Component {}
      export const helper = () => 1, LIMIT = 5;
      export const REGIONS = ['a'];
      export const MAX = 5;
      export const TEXT = "x";
      export type Options = { a: 1 };
      const Private = () => null;
      export default Private2;`;
    const names = ['BerthPicker', 'Remembered', 'Quay', 'Mole', 'Private2'];
    assert.deepEqual(componentNames(source), names);
    assert.deepEqual(componentNames('export default async function Pilot('), ['Pilot']);
    assert.deepEqual(componentNames('export default () => 1; export'), []);
  });
});
