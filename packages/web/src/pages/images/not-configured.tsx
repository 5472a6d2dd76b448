/** What is shown while there are no golden images, and what to do about it. */
import type { ReactElement } from 'react';
import { messages as shellMessages } from '../../messages.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { messages } from './messages.ts';

export function NotConfigured(): ReactElement {
  return (
    <section className="cb-notice images-none">
      <h2>{messages.notConfigured}</h2>
      <p>{messages.notConfiguredWhy}</p>
      <Example text={messages.notConfiguredYaml} />
      <p>{messages.notConfiguredThen}</p>
    </section>
  );
}

export function NoGoldens(): ReactElement {
  return (
    <section className="cb-notice images-none">
      <h2>{messages.noGoldens}</h2>
      <p>{messages.noGoldensWhy}</p>
      <Example text={messages.notConfiguredYaml} />
    </section>
  );
}

/** A text to be copied, such as a command. */
export function Example({ text }: { readonly text: string }): ReactElement {
  return (
    <div className="cb-example">
      <pre className="cb-code" tabIndex={0}>
        {text}
      </pre>
      <CopyButton text={text} label={shellMessages.copyText} />
    </div>
  );
}
