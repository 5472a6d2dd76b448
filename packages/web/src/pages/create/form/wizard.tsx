/** The form of a template, page by page, and what was entered; then a task is started. */
import { useEffect, useMemo, useRef, useState, type ReactElement } from 'react';
import type { FormSession } from '@callboard/form';
import { stringifyRef, type EntityRef } from '@callboard/model';
import { useNavigate, useSearchParams } from 'react-router-dom';
import { createAskSource } from '../../../api/forms.ts';
import { useServices } from '../../../api/services.ts';
import { useExtensions } from '../../../extensions/load/use-extensions.ts';
import { LoadingPart } from '../../../parts/loading-page.tsx';
import { useShell } from '../../../shell/shell-context.ts';
import { messages } from '../messages.ts';
import { ReviewPart } from '../review/review-part.tsx';
import { widgets } from '../theme/theme.ts';
import { toErrorTree } from '../validator.ts';
import { beginningOf, useKeptDraft } from './beginning.ts';
import { draftKey, removeDraft } from './draft.ts';
import type { FormExtensions } from './field-extension.ts';
import { readFlags } from './flags.ts';
import './form.css';
import { FormFoot } from './form-foot.tsx';
import { FormNotices } from './form-notices.tsx';
import { PageBoundary } from './crash.tsx';
import { PageForm } from './page-form.tsx';
import { namesUnknown } from './named-words.ts';
import { createPageView, pageAfter, pageBefore, useShownPages, type PageView } from './page-view.ts';
import { labelAt, valuesFor } from './pages.ts';
import type { PreparedForm } from './prepare-form.ts';
import { focusField, ProblemList } from './problem-list.tsx';
import { Prose } from '../../../parts/prose.tsx';
import { createSecretStore, SecretProvider } from './secrets.ts';
import type { SplitDeps } from './split-schema.ts';
import { Stepper } from './stepper.tsx';
import { useFormExtensions } from './use-extensions.ts';
import { useOpenedForm } from './use-opened-form.ts';
import { useProblems } from './use-problems.ts';
import { useFormSession, useIsResolved } from './use-session.ts';
import { useSubmit } from './use-submit.ts';

export interface WizardProps {
  readonly form: PreparedForm;
  readonly template: EntityRef;
}

export function Wizard({ form, template }: WizardProps): ReactElement {
  const { storage } = useShell();
  const extensions = useFormExtensions();
  const { isLoading } = useExtensions();
  const words = useMemo<SplitDeps>(
    () => ({
      fields: new Set(extensions.fields.map(({ name }) => name)),
      layouts: new Set(extensions.layouts.map(({ name }) => name)),
      widgets,
      isFlagOn: readFlags(storage),
    }),
    [extensions, storage],
  );
  const key = draftKey(stringifyRef(template), form.version);
  const [round, setRound] = useState(0);
  // Later changes of custom fields are taken over by the open form.
  const [isWaiting, setIsWaiting] = useState(true);
  const isReady = !isLoading || !namesUnknown(form.pages, words);
  if (isWaiting && isReady) setIsWaiting(false);
  if (isWaiting && !isReady) return <LoadingPart />;
  return (
    <Round
      key={round}
      form={form}
      template={template}
      extensions={extensions}
      words={words}
      draft={key}
      isFirst={round === 0}
      onStartOver={() => {
        removeDraft(sessionStorage, key);
        setRound(round + 1);
      }}
    />
  );
}

interface RoundProps {
  readonly form: PreparedForm;
  readonly template: EntityRef;
  readonly extensions: FormExtensions;
  readonly words: SplitDeps;
  /** The key under which the draft is kept. */
  readonly draft: string;
  readonly isFirst: boolean;
  readonly onStartOver: () => void;
}

/** The form from its beginning to its end; it starts over as another one. */
function Round(props: RoundProps): ReactElement {
  const { form, template, words, draft, isFirst } = props;
  const { client } = useServices();
  const [params] = useSearchParams();
  const [begin] = useState(() => beginningOf({ prefill: params.get('formData'), draft, isFirst }));
  const session = useFormSession(() => ({
    graph: form.graph,
    user: form.user,
    entered: begin.values,
    ask: createAskSource(client, template),
  }));
  const view = useMemo(
    () => createPageView({ pages: form.pages, graph: form.graph, session, words }),
    [form, session, words],
  );
  const isResolved = useIsResolved(session, form.graph.isDynamic);
  return isResolved ? <Pages {...props} begin={begin} session={session} view={view} /> : <LoadingPart />;
}

interface PagesProps extends RoundProps {
  readonly begin: ReturnType<typeof beginningOf>;
  readonly session: FormSession;
  readonly view: PageView;
}

function Pages(props: PagesProps): ReactElement {
  const { form, template, extensions, draft, onStartOver, begin, session, view } = props;
  const [params, setParams] = useSearchParams();
  const navigate = useNavigate();
  const [secretStore] = useState(createSecretStore);
  const shownPages = useShownPages(view);
  const { pages, skipped } = shownPages;
  const [reached, setReached] = useState(Math.min(begin.reached, pages.length));
  const wanted = Math.min(pageIn(params), reached);
  const at = skipped.has(wanted) ? pageAfter(wanted, shownPages) : wanted;
  const problems = useProblems({ view, session, extensions, secretStore });
  const [isSettling, setIsSettling] = useState(false);
  const submit = useSubmit({
    template,
    graph: form.graph,
    session,
    secretStore,
    uses: form.decorators,
    decorators: extensions.decorators,
  });
  useKeptDraft({
    session,
    pages: view.all,
    draft,
    reached,
    prefill: params.get('formData'),
    isSent: submit.data?.kind === 'started',
  });

  const heading = useRef<HTMLHeadingElement>(null);
  const shown = useRef(at);
  /** The field that the page is opened for. */
  const target = useRef<readonly string[] | null>(null);
  useEffect(() => {
    if (shown.current === at) return;
    shown.current = at;
    window.scrollTo(0, 0);
    const path = target.current;
    target.current = null;
    if (path === null) heading.current?.focus({ preventScroll: true });
    else focusField(path);
  }, [at]);

  function go(to: number): void {
    setReached((before) => Math.max(before, to));
    setParams((now) => {
      const address = new URLSearchParams(now);
      if (to === 0) address.delete('page');
      else address.set('page', String(to + 1));
      return address;
    });
  }

  async function goOn(): Promise<void> {
    const found = await problems.check(at);
    const [first] = found;
    // What was entered on this page may have emptied the next one.
    if (first === undefined) go(pageAfter(at, view.now()));
    // Once the list of what is wrong is there.
    else setTimeout(() => focusField(first.path), 0);
  }

  async function create(): Promise<void> {
    setIsSettling(true);
    // What keeps it from that is said when the values are sent.
    await session.settled().catch(() => null);
    setIsSettling(false);
    for (const index of pages.keys()) {
      const found = await problems.check(index);
      if (found.length === 0) continue;
      go(index);
      return;
    }
    submit.mutate(undefined, {
      onSuccess: (result) => {
        if (result.kind === 'started') {
          secretStore.clear();
          removeDraft(sessionStorage, draft);
          navigate(`/create/tasks/${encodeURIComponent(result.taskId)}`);
          return;
        }
        const first = problems.take(result.problems);
        if (first !== null) go(first);
      },
    });
  }

  const titleOf = (index: number): string => pages[index]?.title ?? messages.untitled(index + 1);
  const page = pages[at];
  const here = problems.of(at);
  const errors = useMemo(() => toErrorTree(here), [here]);
  const open = useOpenedForm({
    session,
    graph: form.graph,
    view,
    openAt(index, path) {
      if (index === shown.current || index === -1) {
        focusField(path);
        return;
      }
      target.current = path;
      go(index);
    },
  });
  return (
    <SecretProvider value={secretStore}>
      {(at === 0 || page === undefined) && (
        <FormNotices
          form={form}
          decorators={extensions.decorators}
          begin={at === 0 ? begin.kind : 'new'}
          onStartOver={onStartOver}
        />
      )}
      {pages.length > 0 && (
        <Stepper
          titles={[...pages.keys().map(titleOf), form.labels.review ?? messages.review]}
          at={at}
          reached={reached}
          troubled={problems.troubled}
          skipped={skipped}
          onGo={go}
        />
      )}
      <form
        className="form-card"
        noValidate
        aria-label={form.title}
        onSubmit={(event) => {
          event.preventDefault();
          if (problems.isChecking || submit.isPending || isSettling) return;
          void (page === undefined ? create() : goOn());
        }}
      >
        <div className="form-head">
          <h2 ref={heading} tabIndex={-1}>
            <bdi>{page === undefined ? messages.reviewOf : titleOf(at)}</bdi>
          </h2>
          {page?.description !== null && page?.description !== undefined && (
            <div className="form-hint">
              <Prose text={page.description} />
            </div>
          )}
        </div>
        {page === undefined ? (
          <ReviewPart view={view} session={session} titleOf={titleOf} onEdit={go} />
        ) : (
          <>
            <ProblemList
              problems={here}
              labelOf={({ path }) => labelAt(page, path, valuesFor(page, pages, session.get()))}
            />
            <PageBoundary key={at} attempt={extensions}>
              <PageForm page={page} pages={pages} open={open} extensions={extensions} errors={errors} />
            </PageBoundary>
          </>
        )}
        <FormFoot
          labels={form.labels}
          hasBack={pageBefore(at, shownPages) >= 0}
          isReview={page === undefined}
          isLast={pageAfter(at, shownPages) === pages.length}
          isSettling={isSettling}
          isChecking={problems.isChecking}
          submit={submit}
          elsewhere={problems.elsewhere}
          onBack={() => go(pageBefore(at, shownPages))}
        />
      </form>
    </SecretProvider>
  );
}

/** From 0. */
function pageIn(params: URLSearchParams): number {
  const page = Number(params.get('page') ?? '1');
  return Number.isInteger(page) && page > 0 ? page - 1 : 0;
}
