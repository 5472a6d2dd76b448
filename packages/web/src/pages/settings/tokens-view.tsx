/** Personal access tokens: make one, see it once, revoke those that are no longer used. */
import { useState, type ReactElement } from 'react';
import { Button } from '@backstage/ui';
import { LOCALE } from '../../messages.ts';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { dayOf } from '../../parts/relative-time.ts';
import { Time } from '../../parts/time.tsx';
import { Waiting } from '../../parts/waiting.tsx';
import { messages } from './messages.ts';
import { NewTokenForm } from './new-token-form.tsx';
import { useTokens } from './queries.ts';
import { RevokeDialog } from './revoke-dialog.tsx';
import type { NewToken, Token } from './tokens-api.ts';
import { TokenShown } from './token-shown.tsx';

export function TokensView(): ReactElement {
  const tokens = useTokens();
  const [made, setMade] = useState<NewToken | null>(null);
  const [revoked, setRevoked] = useState<Token | null>(null);
  return (
    <>
      <p className="settings-lead">{messages.tokensWhy}</p>
      {made === null ? (
        <NewTokenForm onMade={setMade} />
      ) : (
        <TokenShown token={made} onDone={() => setMade(null)} />
      )}
      <h3>{messages.yourTokens}</h3>
      {tokens.isError && (
        <ErrorPanel
          title={messages.tokensFailed}
          error={tokens.error}
          onRetry={() => void tokens.refetch()}
        />
      )}
      {tokens.isPending && <Waiting height="3rem" />}
      {tokens.data !== undefined && <TokenList tokens={tokens.data} onRevoke={setRevoked} />}
      {revoked !== null && <RevokeDialog token={revoked} onClose={() => setRevoked(null)} />}
    </>
  );
}

interface TokenListProps {
  readonly tokens: readonly Token[];
  readonly onRevoke: (token: Token) => void;
}

function TokenList({ tokens, onRevoke }: TokenListProps): ReactElement {
  if (tokens.length === 0) return <p className="settings-note">{messages.noTokens}</p>;
  return (
    <ul className="settings-list">
      {tokens.map((token) => (
        <li key={token.id}>
          <div className="settings-item">
            <bdi className="settings-item-name">{token.name}</bdi>
            <TokenFacts token={token} />
          </div>
          <Button
            variant="secondary"
            aria-label={messages.revokeOf(token.name)}
            onPress={() => onRevoke(token)}
          >
            {messages.revoke}
          </Button>
        </li>
      ))}
    </ul>
  );
}

function TokenFacts({ token }: { readonly token: Token }): ReactElement {
  const { createdAt, expiresAt, lastUsedAt } = token;
  const isOver = expiresAt !== null && expiresAt.getTime() < Date.now();
  return (
    <p className="settings-note settings-moments">
      {createdAt !== null && <Moment name={messages.tokenCreated} at={createdAt} />}
      <Moment name={messages.tokenUsed} at={lastUsedAt} />
      <span>
        {isOver ? messages.tokenExpired : messages.tokenExpires}{' '}
        {expiresAt === null ? messages.never : <bdi lang={LOCALE}>{dayOf(expiresAt, LOCALE)}</bdi>}
      </span>
    </p>
  );
}

function Moment({ name, at }: { readonly name: string; readonly at: Date | null }): ReactElement {
  return (
    <span>
      {name} {at === null ? messages.never : <Time at={at} />}
    </span>
  );
}
