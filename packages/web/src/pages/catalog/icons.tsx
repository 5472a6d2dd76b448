/** The icons that only the catalog has. */
import type { ReactElement } from 'react';

export function ColumnsIcon(): ReactElement {
  return <Shape path="M2 3.5h12v9H2zM6 3.5v9M10 3.5v9" />;
}

export function ViewsIcon(): ReactElement {
  return <Shape path="M4 2.5h8v11l-4-3-4 3z" />;
}

function Shape({ path }: { readonly path: string }): ReactElement {
  return (
    <svg
      className="cb-icon"
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={path} />
    </svg>
  );
}
