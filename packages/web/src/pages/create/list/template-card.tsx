/** A template: what it makes, for whom it is, and the way to its form. */
import type { ReactElement } from 'react';
import { Link } from 'react-router-dom';
import type { EntityRow } from '../../../api/entity.ts';
import { EntityLink } from '../../../parts/entity-link.tsx';
import { firstWords } from '../../../parts/prose-text.ts';
import { StarButton } from '../../../parts/star-button.tsx';
import { Tag } from '../../../parts/tag.tsx';
import { messages } from '../messages.ts';
import { templatePath } from '../template-path.ts';
import { toListParams, NOTHING_CHOSEN } from './list-state.ts';

const TAGS_SHOWN = 6;

export function TemplateCard({ row }: { readonly row: EntityRow }): ReactElement {
  const { ref, name, title, description, type, owner, tags } = row;
  return (
    <li className="template">
      <div className="template-head">
        <h2>
          {/* The whole card leads there, see create.css. */}
          <Link className="template-link" to={templatePath(ref)}>
            <bdi>{title ?? name}</bdi>
          </Link>
        </h2>
        <StarButton entityRef={ref} name={title ?? name} />
      </div>
      {type !== null && <p className="template-type">{type}</p>}
      {description !== null && (
        <p className="template-text" dir="auto">
          {firstWords(description)}
        </p>
      )}
      <div className="template-foot">
        {tags.length > 0 && (
          <span className="template-tags">
            {tags.slice(0, TAGS_SHOWN).map((tag) => (
              <Tag key={tag} to={`/create?${toListParams({ ...NOTHING_CHOSEN, tag }).toString()}`}>
                {tag}
              </Tag>
            ))}
          </span>
        )}
        <span className="template-owner">
          {owner === null ? (
            messages.noOwner
          ) : (
            <>
              {messages.ownedBy} <EntityLink to={owner} usualKind="group" />
            </>
          )}
        </span>
        <EntityLink to={ref}>{messages.about}</EntityLink>
      </div>
    </li>
  );
}
