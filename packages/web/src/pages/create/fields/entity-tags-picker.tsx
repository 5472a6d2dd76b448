/** Tags: those that entities have already, and new ones. */
import { useEffect, useState, type ReactElement } from 'react';
import type { FieldProps } from '@rjsf/utils';
import { isTag } from '@callboard/model';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { FacetValue } from '../../../api/catalog.ts';
import { listIn, textIn } from '../../../api/entity.ts';
import { useServices } from '../../../api/services.ts';
import { compareText } from '../../../messages.ts';
import { messages } from '../messages.ts';
import { describedBy } from '../theme/field-template.tsx';
import { Chips } from './chips.tsx';
import { Combobox } from './combobox.tsx';
import { FieldShell, isFixed, isWrong, optionsOf } from './field-shell.tsx';
import { textsOf } from './multi-entity-picker.tsx';

const FACET = 'metadata.tags';
/** More are not looked through by anybody: they type. */
const SHOWN = 100;
const FRESH_FOR_MS = 60_000;

export function EntityTagsPicker(field: FieldProps): ReactElement {
  const { onChange, idSchema, required } = field;
  const options = optionsOf(field);
  const values = textsOf(field.formData);
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState<string | null>(null);
  const known = useTags(listIn(options, 'kinds').filter((kind) => typeof kind === 'string'));
  const hasCounts = options['showCounts'] === true;
  const found = (known.data ?? [])
    .filter(({ value }) => value.includes(text.trim().toLowerCase()) && !values.includes(value))
    .toSorted((a, b) => (hasCounts ? b.count - a.count : 0) || compareText(a.value, b.value));
  const isUnset = field.formData === undefined;
  useEffect(() => {
    // Templates read a list, also when nobody chose a tag.
    if (isUnset) onChange([]);
  }, [isUnset, onChange]);
  const add = (typed: string): void => {
    const tag = typed.trim().toLowerCase();
    const isGood = isTag(tag);
    setWrong(isGood ? null : tag);
    if (isGood && !values.includes(tag)) onChange([...values, tag]);
  };
  return (
    <FieldShell field={field} title={messages.tags} hint={textIn(options, 'helperText') ?? messages.tagsHint}>
      <Chips
        items={values.map((tag) => ({ value: tag, title: tag }))}
        isDisabled={isFixed(field)}
        onRemove={(tag) => onChange(values.filter((other) => other !== tag))}
      />
      <Combobox
        id={idSchema.$id}
        describedBy={`${describedBy(idSchema.$id)} ${idSchema.$id}__wrong`}
        shown=""
        options={found.slice(0, SHOWN).map(({ value, count }) => ({
          value,
          title: hasCounts ? messages.tagCount(value, count) : value,
        }))}
        more={Math.max(0, found.length - SHOWN)}
        isLoading={known.isPending}
        isFailed={known.isError}
        isDisabled={isFixed(field)}
        isRequired={required === true}
        isInvalid={wrong !== null || isWrong(field)}
        isFree
        autofocus={field.autofocus === true}
        onType={(typed) => {
          setText(typed);
          if (typed !== '') setWrong(null);
        }}
        onPick={add}
        onFree={add}
        onClear={() => setText('')}
      />
      <p className="form-bad" id={`${idSchema.$id}__wrong`} role="alert">
        {wrong === null ? '' : messages.tagWrong(wrong)}
      </p>
    </FieldShell>
  );
}

function useTags(kinds: readonly string[]): {
  readonly data: readonly FacetValue[] | undefined;
  readonly isPending: boolean;
  readonly isError: boolean;
} {
  const { catalog } = useServices();
  return useQuery({
    queryKey: ['create', 'tags', kinds],
    staleTime: FRESH_FOR_MS,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const query = kinds.length === 0 ? {} : { query: { kind: { $in: kinds } } };
      return (await catalog.facets({ facets: [FACET], ...query }, signal))[FACET] ?? [];
    },
  });
}
