/** A location, as a link when it is on the web. */
import type { ReactElement } from 'react';
import { locationUrl } from '../../parts/safe-url.ts';

export function LocationText({ location }: { readonly location: string }): ReactElement {
  const href = locationUrl(location);
  if (href === null) return <code className="location">{location}</code>;
  return (
    <a className="cb-link location" href={href} target="_blank" rel="noopener noreferrer">
      <code>{location.replace(/^url:/, '')}</code>
    </a>
  );
}
