/** The keys of a shortcut, as on the keyboard. */
import { Fragment, type ReactElement } from 'react';
import { messages } from '../messages.ts';
import { keyNames } from './shortcut-matcher.ts';
import { isApple } from './shortcuts.ts';

/** `keys`: as in `useShortcuts`. */
export function Keys({ keys }: { readonly keys: string }): ReactElement {
  return (
    <span className="cb-keys">
      {keyNames(keys, { isApple: isApple() }).map((stroke, index) => (
        <Fragment key={index}>
          {index > 0 && <span className="cb-keys-then">{messages.keysThen}</span>}
          {stroke.map((name) => (
            <kbd key={name}>{name}</kbd>
          ))}
        </Fragment>
      ))}
    </span>
  );
}
