/** How much somebody owns of each kind, each number with the way to the list. */
import type { ReactElement } from 'react';
import { Link } from 'react-router-dom';
import { count } from '../../../messages.ts';
import { kindName } from '../../../parts/ref-text.ts';
import { messages } from './messages.ts';
import { ownedPath, type OwnedKind } from './queries.ts';

export interface OwnedTilesProps {
  readonly kinds: readonly OwnedKind[];
  readonly owners: readonly string[];
}

export function OwnedTiles({ kinds, owners }: OwnedTilesProps): ReactElement {
  if (kinds.length === 0) return <p className="entity-none">{messages.ownsNothing}</p>;
  return (
    <ul className="owned-tiles">
      {kinds.map((owned) => (
        <li key={owned.kind}>
          <Tile owned={owned} path={ownedPath(owners, owned.kind)} />
        </li>
      ))}
    </ul>
  );
}

function Tile({ owned, path }: { readonly owned: OwnedKind; readonly path: string | null }): ReactElement {
  const content = (
    <>
      <strong>{count(owned.total)}</strong> {kindName(owned.kind)}
    </>
  );
  if (path === null) return <span className="owned-tile">{content}</span>;
  return (
    <Link className="owned-tile" to={path}>
      {content}
    </Link>
  );
}
