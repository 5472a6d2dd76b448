/** The icon of a kind in its colour; the name of the kind stands beside it as text. */
import type { ReactElement } from 'react';
import { lookOf } from './kind-look.ts';

export function KindIcon({ kind }: { readonly kind: string }): ReactElement {
  const { icon, colour } = lookOf(kind);
  return (
    <svg
      className="graph-kind-icon"
      viewBox="0 0 16 16"
      aria-hidden="true"
      style={{ color: `var(${colour})` }}
    >
      <path d={icon} />
    </svg>
  );
}
