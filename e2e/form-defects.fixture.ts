/** Custom fields and templates that have gone wrong in other portals. */
import type { JsonObject } from '@callboard/model';
import { FORMS, toTemplates, type Forms } from './forms.fixture.ts';

/** Writes its value in an effect, as soon as the seed changes; every other field does in the same tick. */
const WRITER = `import { useEffect } from 'react';
import { createScaffolderFieldExtension } from '@backstage/plugin-scaffolder-react';

const Writer = ({ name, formData, formContext, onChange }) => {
  const { seed } = formContext.formData;
  useEffect(() => {
    if (seed) onChange(seed + '-' + name);
  }, [seed]);
  return <output data-testid={name}>{formData}</output>;
};

/** Writes its two halves one after the other, each beside what it was shown. */
const Halves = ({ name, formData, formContext, onChange }) => {
  const { seed } = formContext.formData;
  useEffect(() => {
    if (!seed) return;
    onChange({ ...formData, left: seed });
    onChange({ ...formData, right: seed });
  }, [seed]);
  return <output data-testid={name}>{JSON.stringify(formData)}</output>;
};

export const writer = createScaffolderFieldExtension({ name: 'Writer', component: Writer });
export const halves = createScaffolderFieldExtension({ name: 'Halves', component: Halves });
`;

/** Shows what it knew when it was rendered first, and what it knows now. */
const KNOWING = `import { useState } from 'react';

export const Knowing = ({ name, formContext, registry }) => {
  const now = JSON.stringify([formContext.formData, registry.formContext.formData]);
  const [first] = useState(now);
  return (
    <>
      <output data-testid={name + '-first'}>{first}</output>
      <output data-testid={name + '-now'}>{now}</output>
    </>
  );
};
`;

/** Calls onChange with its three arguments, and shows those that rjsf's own field of an object gives. */
const SHAPED = `import { useState } from 'react';

export const Shaped = ({ idSchema, formData, onChange }) => (
  <button type="button" onClick={() => onChange('right', {}, idSchema.$id)}>
    Shaped: {formData ?? 'nothing'}
  </button>
);

export const Watching = (props) => {
  const [seen, setSeen] = useState('');
  const { ObjectField } = props.registry.fields;
  return (
    <>
      <ObjectField
        {...props}
        uiSchema={{}}
        onChange={(...given) => {
          setSeen(JSON.stringify([given[0], Array.isArray(given[1]), Array.isArray(given[2])]));
          props.onChange(...given);
        }}
      />
      <output data-testid="seen">{seen}</output>
    </>
  );
};
`;

const SHADE = `import { createFormField } from '@backstage/plugin-scaffolder-react/alpha';
import { makeFieldSchema } from '@backstage/plugin-scaffolder-react';

const Shade = ({ formData, onChange }) => (
  <div role="group" aria-label="Shade">
    {['light', 'dark'].map((shade) => (
      <button key={shade} type="button" aria-pressed={formData === shade} onClick={() => onChange(shade)}>
        {shade}
      </button>
    ))}
  </div>
);

export const shade = createFormField({
  name: 'Shade',
  component: Shade,
  schema: makeFieldSchema({
    output: (z) => z.string().describe('How bright it is'),
    uiOptions: (z) => z.object({ dusk: z.string().optional().describe('Says when dusk begins') }),
  }),
});
`;

const text = (title: string, more: JsonObject = {}): JsonObject => ({ type: 'string', title, ...more });
const drawn = (field: string, more: JsonObject = {}): JsonObject =>
  text(field, { 'ui:field': field, ...more });

/** What is asked for depends on one field, in so many alternatives. */
function alternatives(count: number): readonly JsonObject[] {
  const kinds = Array.from({ length: count }, (_, index) => `kind-${index}`);
  const branch = (kind: string): JsonObject => ({
    properties: { kind: { const: kind }, [`size-${kind}`]: text(`Size of ${kind}`), more: text('More') },
  });
  return [
    {
      title: 'Which',
      properties: { note: text('Note'), kind: text('Kind', { enum: kinds, default: 'kind-1' }) },
      dependencies: { kind: { oneOf: kinds.map(branch) } },
    },
  ];
}

const SHOWS: Readonly<Record<string, JsonObject>> = {
  light: { lamp: text('Lamp') },
  dark: { candle: text('Candle') },
};
const byShade = (key: string): JsonObject => ({
  [key]: {
    oneOf: Object.entries(SHOWS).map(([shade, fields]) => ({
      properties: { [key]: { enum: [shade] }, ...fields },
    })),
  },
});

const TEMPLATES: Forms = {
  writers: [
    {
      title: 'First',
      properties: {
        seed: text('Seed'),
        ...Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name) => [name, drawn('Writer')])),
        halves: {
          type: 'object',
          'ui:field': 'Halves',
          properties: { left: text('Left'), right: text('Right') },
        },
        group: { type: 'object', properties: { f: drawn('Writer'), g: drawn('Writer') } },
      },
    },
    { title: 'Second', properties: { h: drawn('Writer'), i: drawn('Writer') } },
  ],
  knowing: [
    {
      title: 'First',
      properties: { name: text('Name'), region: text('Region', { default: 'eu' }), one: drawn('Knowing') },
    },
    { title: 'Second', properties: { two: drawn('Knowing'), note: text('Note') } },
  ],
  shaped: [
    {
      title: 'Shapes',
      properties: {
        shaped: drawn('Shaped'),
        watched: { type: 'object', 'ui:field': 'Watching', properties: { inner: text('Inner') } },
      },
    },
  ],
  shades: [
    {
      title: 'Own field',
      properties: { shade: drawn('Shade', { enum: Object.keys(SHOWS) }) },
      dependencies: byShade('shade'),
    },
    {
      title: 'Own widget',
      properties: { light: text('Light', { enum: Object.keys(SHOWS), 'ui:widget': 'radio' }) },
      dependencies: byShade('light'),
    },
  ],
  'few-alternatives': alternatives(50),
  'many-alternatives': alternatives(200),
  steps: [
    { title: 'Kind', properties: { kind: text('Kind', { enum: ['small', 'large'], default: 'small' }) } },
    {
      title: 'Only for large ones',
      'ui:visible': "form.kind = 'large'",
      required: ['reason'],
      properties: { reason: text('Reason') },
    },
    { title: 'Last', properties: { note: text('Note') } },
  ],
  secrets: [
    {
      title: 'Secrets',
      required: ['token'],
      properties: {
        name: text('Name'),
        password: text('Password', { 'ui:widget': 'password' }),
        token: text('Token', { 'ui:field': 'Secret', pattern: '^tok-[a-z]+$' }),
        spare: text('Spare', { 'ui:field': 'Secret', 'ui:disabled': '$not($exists(form.name))' }),
        left: text('Left out', { 'ui:backstage': { review: { show: false } } }),
        masked: text('Masked', { 'ui:backstage': { review: { mask: '(covered)' } } }),
      },
    },
  ],
};

/** To be written into the folder of a portal. */
export const DEFECT_FILES: Readonly<Record<string, string>> = {
  [FORMS]: toTemplates(TEMPLATES),
  'extensions/writers.tsx': WRITER,
  'extensions/knowing.tsx': KNOWING,
  'extensions/shaped.tsx': SHAPED,
  'extensions/shade.tsx': SHADE,
};
