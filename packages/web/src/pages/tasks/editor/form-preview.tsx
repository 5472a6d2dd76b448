/** The form of a template that is being written, as people will see it: the same code, page by page. */
import { useEffect, useMemo, useRef, useState, type ReactElement } from 'react';
import { Button } from '@backstage/ui';
import { isObject } from '@callboard/model';
import type { FormPage, FormValues, ValueProblem } from '../../../api/scaffolder.ts';
import { Prose } from '../../../parts/prose.tsx';
import { useShell } from '../../../shell/shell-context.ts';
import { PageBoundary } from '../../create/form/crash.tsx';
import { EXTENSIONS } from '../../create/form/extensions.ts';
import { readFlags } from '../../create/form/flags.ts';
import '../../create/form/form.css';
import { PageForm } from '../../create/form/page-form.tsx';
import { toWizardPages } from '../../create/form/pages.ts';
import { createSecretStore, SecretProvider } from '../../create/form/secrets.ts';
import { Stepper } from '../../create/form/stepper.tsx';
import { useProblems } from '../../create/form/use-problems.ts';
import { createValuesStore } from '../../create/form/values-store.ts';
import { widgets } from '../../create/theme/theme.ts';
import { toErrorTree } from '../../create/validator.ts';
import { messages } from './messages.ts';

export interface FormPreviewProps {
  readonly pages: readonly FormPage[];
  readonly values: FormValues;
  readonly onValues: (values: FormValues) => void;
  readonly onSecrets: (secrets: Readonly<Record<string, string>>) => void;
  /** What the server says of the values of the last dry-run. */
  readonly problems: readonly ValueProblem[];
}

export function FormPreview(props: FormPreviewProps): ReactElement {
  const { values, onValues, onSecrets, problems: told } = props;
  const { storage } = useShell();
  const [store] = useState(() => createValuesStore(values));
  const [secretStore] = useState(createSecretStore);
  const [at, setAt] = useState(0);
  const pages = useMemo(
    () =>
      toWizardPages(props.pages.map(withoutAutofocus), {
        fields: new Set(EXTENSIONS.fields.map(({ name }) => name)),
        layouts: new Set(EXTENSIONS.layouts.map(({ name }) => name)),
        widgets,
        isFlagOn: readFlags(storage),
      }),
    [props.pages, storage],
  );
  const problems = useProblems(pages, store, EXTENSIONS);
  const shown = Math.min(at, pages.length - 1);
  const page = pages[shown];
  const round = useRound(pages);

  /** What the store has said last: other values come from outside, and go into the form. */
  const said = useRef(values);
  const seen = useRef(values);

  useEffect(() => {
    const say = (): void => {
      said.current = store.get();
      onValues(said.current);
    };
    // The defaults of the page are there before anything has changed.
    say();
    return store.subscribe(say);
  }, [store, onValues, round]);
  useEffect(() => secretStore.subscribe(() => onSecrets(secretStore.get())), [secretStore, onSecrets]);
  useEffect(() => {
    const isNews = values !== seen.current && values !== said.current;
    seen.current = values;
    if (isNews) store.set(values);
  }, [values, store]);
  const { take } = problems;
  const latestTake = useRef(take);
  latestTake.current = take;
  useEffect(() => {
    if (told.length === 0) return;
    const first = latestTake.current(told);
    if (first !== null) setAt(first);
  }, [told]);

  if (page === undefined) return <p className="health-note">{messages.noForm}</p>;
  const titles = pages.map(({ title }, index) => title ?? messages.page(index + 1));
  const go = async (): Promise<void> => {
    const found = await problems.check(shown);
    if (found.length === 0 && shown < pages.length - 1) setAt(shown + 1);
  };
  return (
    <SecretProvider value={secretStore}>
      {pages.length > 1 && (
        <Stepper titles={titles} at={shown} reached={null} troubled={problems.troubled} onGo={setAt} />
      )}
      <form
        className="editor-page"
        noValidate
        aria-label={titles[shown]}
        onSubmit={(event) => {
          event.preventDefault();
          void go();
        }}
      >
        <h3>
          <bdi>{titles[shown]}</bdi>
        </h3>
        {page.description !== null && <Prose text={page.description} />}
        <PageBoundary key={`${round} ${shown}`}>
          <PageForm
            page={page}
            pages={pages}
            store={store}
            extensions={EXTENSIONS}
            errors={toErrorTree(problems.of(shown))}
          />
        </PageBoundary>
        <Button type="submit" variant="secondary" isPending={problems.isChecking}>
          {shown < pages.length - 1 ? messages.nextPage : messages.check}
        </Button>
      </form>
    </SecretProvider>
  );
}

/** The keyboard stays in the text that is being written. */
function withoutAutofocus(page: FormPage): FormPage {
  const schema: unknown = JSON.parse(
    JSON.stringify(page.schema, (key, value: unknown) =>
      key === 'ui:autofocus' || key === 'autofocus' ? undefined : value,
    ),
  );
  return isObject(schema) ? { ...page, schema } : page;
}

/** Another number for each new form: one that could not be drawn is tried anew. */
function useRound(pages: unknown): number {
  const last = useRef({ pages, round: 0 });
  if (last.current.pages !== pages) last.current = { pages, round: last.current.round + 1 };
  return last.current.round;
}
