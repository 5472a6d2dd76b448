/** The page of a template's form: it reads what the template asks for while the code of the form comes. */
import { lazy, Suspense, type ReactElement } from 'react';
import { ButtonLink } from '@backstage/ui';
import { stringifyRef, type EntityRef } from '@callboard/model';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router-dom';
import { isWithoutScaffolder, readTemplateForm } from '../../../api/scaffolder.ts';
import { useServices } from '../../../api/services.ts';
import { statusOf } from '../../../api/error.ts';
import { EntityLink } from '../../../parts/entity-link.tsx';
import { ErrorPanel } from '../../../parts/error-panel.tsx';
import { LoadingPart } from '../../../parts/loading-page.tsx';
import { Prose } from '../../../parts/prose.tsx';
import { StarButton } from '../../../parts/star-button.tsx';
import { useTitle } from '../../../parts/use-title.ts';
import { useShell } from '../../../shell/shell-context.ts';
import '../../health/health.css';
import '../create.css';
import { messages } from '../messages.ts';
import { readFlags } from './flags.ts';

const loading = import('./wizard.tsx');
const preparing = import('./prepare-form.ts');
// Whoever opens the form is told by the boundary of the page.
loading.catch(() => undefined);
preparing.catch(() => undefined);
const Wizard = lazy(async () => ({ default: (await loading).Wizard }));

export function TemplateFormPage(): ReactElement {
  const { namespace = '', templateName = '' } = useParams();
  const template: EntityRef = { kind: 'template', namespace, name: templateName };
  const ref = stringifyRef(template);
  const { client } = useServices();
  const { storage } = useShell();
  const form = useQuery({
    queryKey: ['create', 'form', ref],
    // What is being filled in must not change under somebody's hands.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    queryFn: async ({ signal }) => {
      const [read, { prepareForm }] = await Promise.all([
        readTemplateForm(client, template, signal),
        preparing,
      ]);
      return prepareForm(read, readFlags(storage));
    },
  });
  const title = form.data?.title ?? '';
  const isGone = statusOf(form.error) === 404 && !isWithoutScaffolder(form.error);
  useTitle(title === '' ? templateName : title, messages.title);
  return (
    <div className="cb-page health create create-form">
      <nav className="create-path">
        <Link className="cb-link" to="/create">
          {messages.toTemplates}
        </Link>
      </nav>
      <header className="create-form-head">
        <h1>
          <bdi>{title === '' ? templateName : title}</bdi>
        </h1>
        {!isGone && (
          <>
            <StarButton entityRef={template} name={title === '' ? templateName : title} />
            <span className="create-form-about">
              <EntityLink to={template}>{messages.about}</EntityLink>
            </span>
          </>
        )}
      </header>
      {form.data?.description !== null && form.data?.description !== undefined && (
        <Prose text={form.data.description} />
      )}
      {form.isPending && <LoadingPart />}
      {form.isError &&
        (isGone ? (
          <NotFound name={ref} />
        ) : (
          <ErrorPanel title={messages.failedForm} error={form.error} onRetry={() => void form.refetch()} />
        ))}
      {form.data !== undefined && (
        <Suspense fallback={<LoadingPart />}>
          <Wizard key={ref} form={form.data} template={template} />
        </Suspense>
      )}
    </div>
  );
}

function NotFound({ name }: { readonly name: string }): ReactElement {
  return (
    <section className="cb-notice create-none">
      <h2 role="alert">{messages.notFound}</h2>
      <p>{messages.notFoundWhy(name)}</p>
      <ButtonLink className="cb-notice-action" variant="primary" href="/create">
        {messages.toTemplates}
      </ButtonLink>
    </section>
  );
}
