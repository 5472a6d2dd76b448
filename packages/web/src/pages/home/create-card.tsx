/** Where to start something new: what exists is registered, what does not is made from a template. */
import type { ReactElement } from 'react';
import { ButtonLink } from '@backstage/ui';
import { stringifyRef } from '@callboard/model';
import { Link } from 'react-router-dom';
import { templatePath } from '../create/template-path.ts';
import { messages } from './messages.ts';
import { useTemplates } from './queries.ts';
import { Section } from './section.tsx';

export function CreateCard(): ReactElement {
  const templates = useTemplates();
  const { rows = [], total = 0 } = templates.data ?? {};
  return (
    <Section title={messages.create}>
      <p className="home-none">{messages.registerWhy}</p>
      <ButtonLink variant="secondary" href="/catalog-import">
        {messages.register}
      </ButtonLink>
      {rows.length > 0 && (
        <>
          <h3 className="home-sub">{messages.templates}</h3>
          <ul className="kept-rows">
            {rows.map((row) => (
              <li key={stringifyRef(row.ref)} className="kept-row">
                <Link className="cb-link" to={templatePath(row.ref)}>
                  <bdi>{row.title ?? row.name}</bdi>
                </Link>
              </li>
            ))}
          </ul>
          {total > rows.length && (
            <p className="home-more">
              <Link className="cb-link" to="/create">
                {messages.templatesAll(total)}
              </Link>
            </p>
          )}
        </>
      )}
    </Section>
  );
}
