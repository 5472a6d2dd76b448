/** Examples of an action or of a templating extension, to be copied. */
import type { ReactElement } from 'react';
import type { Example } from '../../../api/scaffolder-authoring.ts';
import { CopyButton } from '../../../parts/copy-button.tsx';
import { Prose } from '../../../parts/prose.tsx';
import { messages } from './messages.ts';

/** Nothing when there are none. */
export function Examples({ examples }: { readonly examples: readonly Example[] }): ReactElement | null {
  if (examples.length === 0) return null;
  return (
    <section>
      <h4>{messages.examples}</h4>
      {examples.map(({ description, text }, index) => (
        <div key={index} className="reference-example">
          {description !== null && <Prose text={description} />}
          <div className="cb-example">
            <pre
              className="cb-code"
              tabIndex={0}
              role="region"
              aria-label={description ?? messages.example(index + 1)}
            >
              {text.trim()}
            </pre>
            <CopyButton text={text} label={messages.copyExample} />
          </div>
        </div>
      ))}
    </section>
  );
}
