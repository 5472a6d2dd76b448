/** A branch of the repository that the form names, and an owner of repositories. */
import type { ReactElement } from 'react';
import type { FieldProps } from '@rjsf/utils';
import { isObject } from '@callboard/model';
import { listIn, textIn } from '../../../api/entity.ts';
import { useSecrets } from '../form/secrets.ts';
import { messages } from '../messages.ts';
import { describedBy } from '../theme/field-template.tsx';
import { FieldShell, isFixed, isWrong, optionsOf } from './field-shell.tsx';
import { credentialsIn, useKnownHosts } from './repo-url-picker.tsx';
import { forgeOf, NOWHERE, parseRepoUrl } from './repo-url.ts';
import { suggestionsFor, useSuggestions } from './use-suggestions.ts';

/** Looks at `repoUrl` of the form for the repository, as Backstage's does. */
export function RepoBranchPicker(field: FieldProps): ReactElement {
  const options = optionsOf(field);
  const context: unknown = field.formContext;
  const values = isObject(context) && isObject(context['formData']) ? context['formData'] : {};
  const place = parseRepoUrl(values['repoUrl']);
  const known = useKnownHosts();
  const { asked, token } = useToken(options);
  const plan = suggestionsFor('branch', { forge: forgeOf(place.host, known), place, token });
  return (
    <FieldShell field={field} title={messages.branch} hint={messages.branchHint}>
      <SuggestedInput field={field} suggestions={useSuggestions(plan)} />
      <Note isAsked={asked !== null && token === ''} />
    </FieldShell>
  );
}

export function RepoOwnerPicker(field: FieldProps): ReactElement {
  const options = optionsOf(field);
  const host = textIn(options, 'host') ?? '';
  const excluded = listIn(options, 'excludedOwners');
  const known = useKnownHosts();
  const { asked, token } = useToken(options);
  const forge = forgeOf(host, known);
  const found = useSuggestions(suggestionsFor('owner', { forge, place: { ...NOWHERE, host }, token }));
  const given: unknown = field.formData;
  return (
    <FieldShell field={field} title={messages.repoOwner}>
      <SuggestedInput field={field} suggestions={found.filter((owner) => !excluded.includes(owner))} />
      {typeof given === 'string' && excluded.includes(given) && (
        <p className="form-bad">{messages.repoOwnerExcluded(given)}</p>
      )}
      <Note isAsked={asked !== null && token === ''} />
    </FieldShell>
  );
}

function useToken(options: Readonly<Record<string, unknown>>): {
  readonly asked: string | null;
  readonly token: string;
} {
  const { secrets } = useSecrets();
  const asked = credentialsIn(options);
  return { asked, token: asked === null ? '' : (secrets[asked] ?? '') };
}

function Note({ isAsked }: { readonly isAsked: boolean }): ReactElement | null {
  return isAsked ? <p className="form-note">{messages.credentials}</p> : null;
}

interface SuggestedInputProps {
  readonly field: FieldProps;
  readonly suggestions: readonly string[];
}

function SuggestedInput({ field, suggestions }: SuggestedInputProps): ReactElement {
  const { idSchema, onChange, required } = field;
  const given: unknown = field.formData;
  const id = idSchema.$id;
  return (
    <>
      <input
        id={id}
        className="form-input"
        dir="auto"
        autoComplete="off"
        spellCheck={false}
        placeholder={field.placeholder}
        autoFocus={field.autofocus === true}
        value={typeof given === 'string' ? given : ''}
        disabled={isFixed(field)}
        aria-required={required === true}
        aria-invalid={isWrong(field)}
        aria-describedby={describedBy(id)}
        list={suggestions.length > 0 ? `${id}__list` : undefined}
        onChange={({ target }) => onChange(target.value === '' ? undefined : target.value)}
      />
      {suggestions.length > 0 && (
        <datalist id={`${id}__list`}>
          {suggestions.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      )}
    </>
  );
}
