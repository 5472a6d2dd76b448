/** A new token, the one time that it can be seen, with a command that uses it. */
import { useEffect, useRef, type ReactElement } from 'react';
import { Button } from '@backstage/ui';
import { useAppConfig } from '../../api/app-config.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { messages } from './messages.ts';
import type { NewToken } from './tokens-api.ts';

export interface TokenShownProps {
  readonly token: NewToken;
  readonly onDone: () => void;
}

export function TokenShown({ token, onDone }: TokenShownProps): ReactElement {
  const { apiUrl } = useAppConfig();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const curl = `curl -H 'Authorization: Bearer ${token.token}' '${apiUrl}/api/catalog/entities/by-query?limit=5'`;
  return (
    <section className="settings-made" aria-labelledby="settings-made">
      <h3 id="settings-made" ref={heading} tabIndex={-1}>
        <bdi>{messages.created(token.name)}</bdi>
      </h3>
      <p>{messages.createdWhy}</p>
      <div className="cb-example">
        <pre className="cb-code" tabIndex={0}>
          {token.token}
        </pre>
        <CopyButton text={token.token} label={messages.copyToken} />
      </div>
      <p>{messages.tryIt}</p>
      <div className="cb-example">
        <pre className="cb-code" tabIndex={0}>
          {curl}
        </pre>
        <CopyButton text={curl} label={messages.copyCurl} />
      </div>
      <Button className="cb-notice-action" variant="primary" onPress={onDone}>
        {messages.done}
      </Button>
    </section>
  );
}
