/** The form of a template, page by page, and what was entered; then a task is started. */
import { useEffect, useMemo, useRef, useState, useSyncExternalStore, type ReactElement } from 'react';
import { stringifyRef, type EntityRef } from '@callboard/model';
import { useNavigate, useSearchParams } from 'react-router-dom';
import type { TemplateForm } from '../../../api/scaffolder.ts';
import { useShell } from '../../../shell/shell-context.ts';
import { messages } from '../messages.ts';
import { Review } from '../review/review.tsx';
import { toReview } from '../review/rows.ts';
import { widgets } from '../theme/theme.ts';
import { toErrorTree } from '../validator.ts';
import { draftKey, parsePrefill, readDraft, removeDraft, withoutSecrets, writeDraft } from './draft.ts';
import { EXTENSIONS } from './extensions.ts';
import type { FormExtensions } from './field-extension.ts';
import { readFlags } from './flags.ts';
import './form.css';
import { FormFoot } from './form-foot.tsx';
import { FormNotices } from './form-notices.tsx';
import { PageBoundary } from './crash.tsx';
import { PageForm } from './page-form.tsx';
import { labelAt, toWizardPages, valuesFor, type WizardPage } from './pages.ts';
import { focusField, ProblemList } from './problem-list.tsx';
import { Prose } from '../../../parts/prose.tsx';
import { createSecretStore, SecretProvider } from './secrets.ts';
import { Stepper } from './stepper.tsx';
import { useProblems } from './use-problems.ts';
import { useSubmit } from './use-submit.ts';
import { createValuesStore } from './values-store.ts';

export interface WizardProps {
  readonly form: TemplateForm;
  readonly template: EntityRef;
  /** Default: those of the portal. */
  readonly extensions?: FormExtensions;
}

export function Wizard({ form, template, extensions = EXTENSIONS }: WizardProps): ReactElement {
  const { storage } = useShell();
  const pages = useMemo(
    () =>
      toWizardPages(form.pages, {
        fields: new Set(extensions.fields.map(({ name }) => name)),
        layouts: new Set(extensions.layouts.map(({ name }) => name)),
        widgets,
        isFlagOn: readFlags(storage),
      }),
    [form.pages, extensions, storage],
  );
  const key = draftKey(stringifyRef(template), form.version);
  const [round, setRound] = useState(0);
  return (
    <Rounds
      key={round}
      form={form}
      template={template}
      extensions={extensions}
      pages={pages}
      draft={key}
      isFirst={round === 0}
      onStartOver={() => {
        removeDraft(sessionStorage, key);
        setRound(round + 1);
      }}
    />
  );
}

interface RoundsProps {
  readonly form: TemplateForm;
  readonly template: EntityRef;
  readonly extensions: FormExtensions;
  readonly pages: readonly WizardPage[];
  /** The key under which the draft is kept. */
  readonly draft: string;
  readonly isFirst: boolean;
  readonly onStartOver: () => void;
}

function Rounds(props: RoundsProps): ReactElement {
  const { form, template, extensions, pages, draft, isFirst, onStartOver } = props;
  const [params, setParams] = useSearchParams();
  const navigate = useNavigate();
  const [begin] = useState(() => beginningOf({ prefill: params.get('formData'), draft, isFirst }));
  const [store] = useState(() => createValuesStore(begin.values));
  const [secretStore] = useState(createSecretStore);
  const [reached, setReached] = useState(Math.min(begin.reached, pages.length));
  const at = Math.min(pageIn(params), reached);
  const problems = useProblems(pages, store, extensions);
  const submit = useSubmit({
    template,
    store,
    secretStore,
    uses: form.decorators,
    decorators: extensions.decorators,
  });
  useKeptDraft({
    store,
    pages,
    draft,
    reached,
    prefill: params.get('formData'),
    isSent: submit.data?.kind === 'started',
  });

  const heading = useRef<HTMLHeadingElement>(null);
  const shown = useRef(at);
  useEffect(() => {
    if (shown.current === at) return;
    shown.current = at;
    window.scrollTo(0, 0);
    heading.current?.focus({ preventScroll: true });
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
    if (first === undefined) go(at + 1);
    // Once the list of what is wrong is there.
    else setTimeout(() => focusField(first.path), 0);
  }

  async function create(): Promise<void> {
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
          onGo={go}
        />
      )}
      <form
        className="form-card"
        noValidate
        aria-label={form.title}
        onSubmit={(event) => {
          event.preventDefault();
          if (problems.isChecking || submit.isPending) return;
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
          <ReviewPart pages={pages} store={store} titleOf={titleOf} onEdit={go} />
        ) : (
          <>
            <ProblemList
              problems={here}
              labelOf={({ path }) => labelAt(page, path, valuesFor(page, pages, store.get()))}
            />
            <PageBoundary key={at}>
              <PageForm
                page={page}
                pages={pages}
                store={store}
                extensions={extensions}
                errors={toErrorTree(here)}
              />
            </PageBoundary>
          </>
        )}
        <FormFoot
          labels={form.labels}
          at={at}
          count={pages.length}
          isChecking={problems.isChecking}
          submit={submit}
          elsewhere={problems.elsewhere}
          onBack={() => go(at - 1)}
        />
      </form>
    </SecretProvider>
  );
}

interface ReviewPartProps {
  readonly pages: readonly WizardPage[];
  readonly store: ReturnType<typeof createValuesStore>;
  readonly titleOf: (page: number) => string;
  readonly onEdit: (page: number) => void;
}

function ReviewPart({ pages, store, titleOf, onEdit }: ReviewPartProps): ReactElement {
  const values = useSyncExternalStore(store.subscribe, store.get);
  const review = useMemo(() => toReview(pages, values), [pages, values]);
  if (pages.length === 0) return <p className="form-none">{messages.noPages}</p>;
  return <Review pages={review} titleOf={titleOf} onEdit={onEdit} />;
}

/** What was typed is kept in this tab a moment after it was. */
function useKeptDraft(kept: {
  readonly store: ReturnType<typeof createValuesStore>;
  readonly pages: readonly WizardPage[];
  readonly draft: string;
  readonly reached: number;
  readonly prefill: string | null;
  readonly isSent: boolean;
}): void {
  const { store, pages, draft, reached, prefill, isSent } = kept;
  const values = useSyncExternalStore(store.subscribe, store.get);
  const first = useRef(values);
  useEffect(() => {
    if (isSent || (first.current === values && reached === 0)) return undefined;
    const timer = setTimeout(
      () => writeDraft(sessionStorage, draft, { values: withoutSecrets(values, pages), reached, prefill }),
      200,
    );
    return () => clearTimeout(timer);
  }, [values, pages, draft, reached, prefill, isSent]);
}

interface Beginning {
  readonly kind: 'new' | 'kept' | 'prefilled' | 'bad-prefill';
  readonly values: TemplateForm['pages'][number]['schema'];
  readonly reached: number;
}

/** What was typed in this tab goes on, unless somebody comes by another link than then. */
function beginningOf(asked: {
  readonly prefill: string | null;
  readonly draft: string;
  readonly isFirst: boolean;
}): Beginning {
  const kept = asked.isFirst ? readDraft(sessionStorage, asked.draft) : null;
  if (kept !== null && kept.prefill === asked.prefill) return { kind: 'kept', ...kept };
  const prefill = parsePrefill(asked.prefill);
  switch (prefill.kind) {
    case 'values':
      return { kind: 'prefilled', values: prefill.values, reached: 0 };
    case 'bad':
      return { kind: 'bad-prefill', values: {}, reached: 0 };
    case 'none':
      return { kind: 'new', values: {}, reached: 0 };
    default:
      return prefill satisfies never;
  }
}

/** From 0. */
function pageIn(params: URLSearchParams): number {
  const page = Number(params.get('page') ?? '1');
  return Number.isInteger(page) && page > 0 ? page - 1 : 0;
}
