/** Where a repository is, or will be: the host, and what its forge needs to know beside the name. */
import { useEffect, useMemo, useRef, useState, type ReactElement } from 'react';
import type { FieldProps } from '@rjsf/utils';
import { isObject } from '@callboard/model';
import { textIn } from '../../../api/entity.ts';
import type { FieldContext, FieldErrors } from '../form/field-extension.ts';
import { useSecrets } from '../form/secrets.ts';
import { messages } from '../messages.ts';
import { FieldShell, isFixed, isWrong, optionsOf } from './field-shell.tsx';
import { PartField } from './part-field.tsx';
import { repoWords } from './repo-words.ts';
import {
  allowedIn,
  forgeOf,
  neededParts,
  parseHosts,
  parseRepoUrl,
  shownParts,
  toRepoUrl,
  withUsual,
  type KnownHost,
  type RepoPlace,
} from './repo-url.ts';
import { suggestionsFor, useSuggestions } from './use-suggestions.ts';

export function RepoUrlPicker(field: FieldProps): ReactElement {
  const options = optionsOf(field);
  const allowed = useMemo(() => allowedIn(options), [options]);
  const known = useKnownHosts();
  const { place, change } = usePlace(field, (given) => withUsual(given, allowed, known));
  const forge = forgeOf(place.host, known);
  const hosts = allowed.hosts.length > 0 ? allowed.hosts : known.map(({ host }) => host);
  const { secrets } = useSecrets();
  const asked = credentialsIn(options);
  const token = asked === null ? undefined : secrets[asked];
  const repos = useSuggestions(
    options['disableRepoAutocomplete'] === true
      ? null
      : suggestionsFor('repo', { forge, place, token: token ?? '' }),
  );
  const owners = useSuggestions(suggestionsFor('owner', { forge, place, token: token ?? '' }));
  const id = field.idSchema.$id;
  return (
    <FieldShell field={field} title={messages.repo} kind="several">
      <div className="form-parts">
        <PartField
          id={id}
          title={messages.host}
          hint={messages.hostHint}
          value={place.host}
          allowed={hosts}
          isDisabled={isFixed(field)}
          isRequired
          isInvalid={isWrong(field) && place.host === ''}
          onChange={(host) => change({ ...place, host })}
        />
        {shownParts(forge).map((part) => (
          <PartField
            key={part}
            id={`${id}-${part}`}
            {...repoWords(part, forge, options)}
            value={place[part]}
            allowed={allowed.parts[part]}
            suggestions={part === 'repo' ? repos : owners}
            isDisabled={isFixed(field)}
            isRequired={neededParts(forge).includes(part)}
            isInvalid={isWrong(field) && place[part] === '' && neededParts(forge).includes(part)}
            onChange={(next) => change({ ...place, [part]: next })}
          />
        ))}
      </div>
      {asked !== null && token === undefined && <p className="form-note">{messages.credentials}</p>}
    </FieldShell>
  );
}

/** The key under which a template wants the person's token; null when it wants none. */
export function credentialsIn(options: Readonly<Record<string, unknown>>): string | null {
  const asked = options['requestUserCredentials'];
  return isObject(asked) ? textIn(asked, 'secretsKey') : null;
}

/** What was typed before there is a host is kept here; the form has it once there is one. */
function usePlace(
  field: FieldProps,
  complete: (place: RepoPlace) => RepoPlace,
): { readonly place: RepoPlace; readonly change: (next: RepoPlace) => void } {
  const { onChange } = field;
  const given: unknown = field.formData;
  const [place, setPlace] = useState(() => complete(parseRepoUrl(given)));
  /** The value as this field knows it; another one is somebody else's. */
  const known = useRef(given);
  const url = toRepoUrl(place);
  const current = useRef(complete);
  current.current = complete;
  useEffect(() => {
    if (given === known.current || given === undefined) return;
    known.current = given;
    setPlace(current.current(parseRepoUrl(given)));
  }, [given]);
  useEffect(() => {
    if (url === known.current) return;
    known.current = url;
    onChange(url);
  }, [url, onChange]);
  return { place, change: (next) => setPlace(complete(next)) };
}

/** Hosts of the configuration, as far as the page has it. */
export function useKnownHosts(): readonly KnownHost[] {
  return useMemo(
    () => parseHosts(document.querySelector('script[type="backstage.io/config"]')?.textContent ?? null),
    [],
  );
}

export function checkRepoUrl(value: unknown, errors: FieldErrors, { uiSchema }: FieldContext): void {
  if (value === undefined || value === '') return;
  const place = parseRepoUrl(value);
  const options: unknown = uiSchema['ui:options'];
  const allowed = allowedIn(options);
  if (place.host === '') {
    errors.addError(messages.repoIncomplete(messages.host));
    return;
  }
  if (allowed.hosts.length > 0 && !allowed.hosts.includes(place.host)) {
    errors.addError(messages.repoHostRefused(place.host, allowed.hosts.join(', ')));
  }
  const known = parseHosts(document.querySelector('script[type="backstage.io/config"]')?.textContent ?? null);
  const forge = forgeOf(place.host, known);
  for (const part of neededParts(forge)) {
    if (place[part] !== '') continue;
    errors.addError(messages.repoIncomplete(repoWords(part, forge, isObject(options) ? options : {}).title));
  }
}
