/** What a task gives out: links, texts, the entities that came of it, and whatever else its template names. */
import type { ReactElement } from 'react';
import { parseRef, stringifyRef, type EntityRef } from '@callboard/model';
import { Link } from 'react-router-dom';
import type { OutputLink, OutputText, TaskOutput } from '../../../api/scaffolder-tasks.ts';
import { EntityLink } from '../../../parts/entity-link.tsx';
import { Prose } from '../../../parts/prose.tsx';
import { entityPath, shortName } from '../../../parts/ref-text.ts';
import { safeUrl } from '../../../parts/safe-url.ts';
import { LinkIcon } from '../icons.tsx';
import { Values } from '../values.tsx';
import { messages } from './messages.ts';

export interface OutputProps {
  readonly output: TaskOutput;
  readonly created: readonly EntityRef[];
}

/** Nothing when there is nothing to show. */
export function Output({ output, created }: OutputProps): ReactElement | null {
  const { links, texts, others } = output;
  const shown = new Set(links.flatMap(({ entityRef }) => (entityRef === null ? [] : [normal(entityRef)])));
  const rest = created.filter((ref) => !shown.has(stringifyRef(ref)));
  const hasOthers = Object.keys(others).length > 0;
  if (links.length + texts.length + rest.length === 0 && !hasOthers) return null;
  return (
    <section className="task-output" aria-label={messages.output}>
      {(links.length > 0 || rest.length > 0) && (
        <ul className="task-links">
          {links.map((link, index) => (
            <li key={index}>
              <LinkTo link={link} />
            </li>
          ))}
          {rest.map((ref) => (
            <li key={stringifyRef(ref)} className="task-link">
              <LinkIcon name="catalog" />
              <EntityLink to={ref} />
            </li>
          ))}
        </ul>
      )}
      {texts.map((text, index) => (
        <TextBlock key={index} text={text} />
      ))}
      {hasOthers && (
        <details className="task-more">
          <summary>{messages.others}</summary>
          <Values values={others} />
        </details>
      )}
    </section>
  );
}

function normal(text: string): string {
  const ref = parseRef(text, { kind: 'component' });
  return ref === null ? text : stringifyRef(ref);
}

function LinkTo({ link }: { readonly link: OutputLink }): ReactElement {
  const { title, url, entityRef, icon } = link;
  const ref = parseRef(entityRef ?? '', { kind: 'component' });
  if (ref !== null) {
    return (
      <Link className="cb-link task-link" to={entityPath(ref)}>
        <LinkIcon name={icon ?? 'catalog'} />
        <bdi>{title ?? shortName(ref)}</bdi>
      </Link>
    );
  }
  const local = localPath(url);
  if (local !== null) {
    return (
      <Link className="cb-link task-link" to={local}>
        <LinkIcon name={icon ?? 'catalog'} />
        <bdi>{title ?? local}</bdi>
      </Link>
    );
  }
  const href = safeUrl(url);
  const name = title ?? href ?? url ?? messages.link;
  if (href === null) return <span className="task-quiet">{messages.badLink(name)}</span>;
  return (
    <a className="cb-link task-link" href={href} target="_blank" rel="noopener noreferrer">
      <LinkIcon name={icon} />
      <bdi>{name}</bdi>
    </a>
  );
}

/** A page of the portal, as `/catalog/…`; null for anything else. `//host` is another site. */
function localPath(url: string | null): string | null {
  return url !== null && /^\/(?![/\\])/.test(url) ? url : null;
}

function TextBlock({ text }: { readonly text: OutputText }): ReactElement {
  const { title, content } = text;
  return (
    <div className="task-output-text">
      {title !== null && (
        <h2>
          <bdi>{title}</bdi>
        </h2>
      )}
      <Prose text={content} />
    </div>
  );
}
