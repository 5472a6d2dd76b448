/** Says for a few seconds what happened, for what has no place on the page itself. */
import { useEffect, useState, type ReactElement } from 'react';

const SAID_FOR_MS = 5_000;

export interface Saying {
  readonly text: string;
}

/** Each new `saying` is said anew, also when its text is the same. */
export function Said({ saying }: { readonly saying: Saying | null }): ReactElement {
  const [over, setOver] = useState<Saying | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setOver(saying), SAID_FOR_MS);
    return () => clearTimeout(timer);
  }, [saying]);
  const text = saying === null || saying === over ? '' : saying.text;
  return (
    <div className="cb-said-line" role="status">
      {text !== '' && <bdi>{text}</bdi>}
    </div>
  );
}
