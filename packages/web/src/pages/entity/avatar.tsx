/** A picture of a person or a group; letters of the name when there is none, or while and when it does not load. */
import { useState, type ReactElement } from 'react';
import { initials, pictureUrl } from './picture.ts';

export interface AvatarProps {
  readonly name: string;
  /** As somebody wrote it; only what is safe is asked for. */
  readonly picture: string | null;
  /** Default: `small`, as high as a line of a list. */
  readonly size?: 'small' | 'large';
}

/** An ornament: the name stands beside it. */
export function Avatar({ name, picture, size = 'small' }: AvatarProps): ReactElement {
  const url = pictureUrl(picture);
  const [failed, setFailed] = useState<string | null>(null);
  return (
    <span className="entity-avatar" data-size={size} aria-hidden="true">
      {initials(name)}
      {url !== null && url !== failed && (
        <img
          src={url}
          alt=""
          referrerPolicy="no-referrer"
          loading="lazy"
          decoding="async"
          onError={() => setFailed(url)}
        />
      )}
    </span>
  );
}
