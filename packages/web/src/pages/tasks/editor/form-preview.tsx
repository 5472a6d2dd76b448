/** The form of a template that is being written, as people will see it: the same code, page by page. */
import { useEffect, useMemo, useRef, useState, type ReactElement } from 'react';
import { Button } from '@backstage/ui';
import type { FormUser } from '@callboard/form';
import { isObject } from '@callboard/model';
import { createAskSource } from '../../../api/forms.ts';
import { isJsonObject } from '../../../api/json-value.ts';
import type { SessionState } from '../../../api/session.ts';
import { useServices, useSession } from '../../../api/services.ts';
import type { FormPage, FormValues, ValueProblem } from '../../../api/scaffolder.ts';
import { useExtensions } from '../../../extensions/load/use-extensions.ts';
import { Prose } from '../../../parts/prose.tsx';
import { useShell } from '../../../shell/shell-context.ts';
import { PageBoundary } from '../../create/form/crash.tsx';
import { readFlags } from '../../create/form/flags.ts';
import '../../create/form/form.css';
import { PageForm } from '../../create/form/page-form.tsx';
import { createPageView, pageAfter, useShownPages } from '../../create/form/page-view.ts';
import { focusField } from '../../create/form/problem-list.tsx';
import { createSecretStore, SecretProvider } from '../../create/form/secrets.ts';
import { Stepper } from '../../create/form/stepper.tsx';
import { useFormExtensions } from '../../create/form/use-extensions.ts';
import { useOpenedForm } from '../../create/form/use-opened-form.ts';
import { useProblems } from '../../create/form/use-problems.ts';
import { useFormSession } from '../../create/form/use-session.ts';
import { widgets } from '../../create/theme/theme.ts';
import { toErrorTree } from '../../create/validator.ts';
import { formEntity } from './form-entity.ts';
import type { LiveForm } from './fields/fields-pane.tsx';
import { messages } from './messages.ts';
import { usePreviewForm, type PreviewForm } from './use-preview-form.ts';

export interface FormPreviewProps {
  readonly pages: readonly FormPage[];
  readonly values: FormValues;
  readonly onValues: (values: FormValues) => void;
  readonly onSecrets: (secrets: Readonly<Record<string, string>>) => void;
  /** What the server says of the values of the last dry-run. */
  readonly problems: readonly ValueProblem[];
  /** Hands the form out while it is open; null when it is not any more. */
  readonly onLive?: (live: LiveForm | null) => void;
}

export function FormPreview(props: FormPreviewProps): ReactElement | null {
  const { storage } = useShell();
  const pages = useMemo(() => props.pages.map(withoutAutofocus), [props.pages]);
  const isFlagOn = useMemo(() => readFlags(storage), [storage]);
  // Custom fields appear in the form as soon as they are there.
  useExtensions();
  const form = usePreviewForm(pages, isFlagOn);
  return form === null ? null : <Preview {...props} form={form} isFlagOn={isFlagOn} />;
}

interface PreviewProps extends FormPreviewProps {
  readonly form: PreviewForm;
  readonly isFlagOn: (flag: string) => boolean;
}

function Preview(props: PreviewProps): ReactElement {
  const { values, onValues, onSecrets, problems: told, form, isFlagOn } = props;
  const { client } = useServices();
  const signedIn = useSession();
  const extensions = useFormExtensions();
  const written = useRef(props.pages);
  written.current = props.pages;
  const session = useFormSession(() => ({
    graph: form.graph,
    user: userOf(signedIn),
    entered: isJsonObject(values) ? values : {},
    ask: createAskSource(client, () => formEntity(written.current)),
  }));
  const [secretStore] = useState(createSecretStore);
  const [at, setAt] = useState(0);
  const used = useRef(form.graph);
  useEffect(() => {
    if (used.current === form.graph) return;
    used.current = form.graph;
    session.replaceGraph(form.graph);
  }, [session, form.graph]);
  const view = useMemo(
    () =>
      createPageView({
        ...form,
        session,
        words: {
          fields: new Set(extensions.fields.map(({ name }) => name)),
          layouts: new Set(extensions.layouts.map(({ name }) => name)),
          widgets,
          isFlagOn,
        },
      }),
    [form, session, extensions, isFlagOn],
  );
  const shownPages = useShownPages(view);
  const { pages, skipped } = shownPages;
  const problems = useProblems({ view, session, extensions, secretStore });
  const open = useOpenedForm({
    session,
    graph: form.graph,
    view,
    openAt(index, path) {
      if (index !== -1) setAt(index);
      // Once its page is there.
      setTimeout(() => focusField(path), 0);
    },
  });
  const { onLive } = props;
  useEffect(() => {
    onLive?.({ session, graph: form.graph, places: form.places, openField: open.openField });
    return () => onLive?.(null);
  }, [onLive, session, form, open]);
  const shown = Math.min(skipped.has(at) ? pageAfter(at, shownPages) : at, pages.length - 1);
  const page = pages[shown];
  const round = useRound(form);

  /** What the store has said last: other values come from outside, and go into the form. */
  const said = useRef(values);
  const seen = useRef(values);

  useEffect(() => {
    const say = (): void => {
      said.current = session.get();
      onValues(said.current);
    };
    // The defaults of the page are there before anything has changed.
    say();
    return session.subscribe(say);
  }, [session, onValues, round]);
  useEffect(() => secretStore.subscribe(() => onSecrets(secretStore.get())), [secretStore, onSecrets]);
  useEffect(() => {
    const isNews = values !== seen.current && values !== said.current;
    seen.current = values;
    if (isNews) session.change(session.get(), values);
  }, [values, session]);
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
    const next = pageAfter(shown, view.now());
    if (found.length === 0 && next < pages.length) setAt(next);
  };
  return (
    <SecretProvider value={secretStore}>
      {pages.length > 1 && (
        <Stepper
          titles={titles}
          at={shown}
          reached={null}
          troubled={problems.troubled}
          skipped={skipped}
          onGo={setAt}
        />
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
        <PageBoundary key={`${round} ${shown}`} attempt={extensions}>
          <PageForm
            page={page}
            pages={pages}
            open={open}
            extensions={extensions}
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

/** As the server makes it of who is signed in. */
function userOf(signedIn: SessionState): FormUser {
  if (signedIn.kind !== 'signed-in')
    return { ref: null, name: '', displayName: null, email: null, groups: [] };
  const { userEntityRef: ref, displayName, email, ownershipEntityRefs: groups } = signedIn.identity;
  return { ref, name: ref.slice(ref.lastIndexOf('/') + 1), displayName, email, groups };
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
