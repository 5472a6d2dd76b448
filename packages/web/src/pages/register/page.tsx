/** Registers a location by its URL: first what it would bring, then the deed. The URL is in the address. */
import { useState, type FormEvent, type ReactElement } from 'react';
import { Alert, Button, ButtonLink, TextField } from '@backstage/ui';
import { stringifyRef } from '@callboard/model';
import { useSearchParams } from 'react-router-dom';
import { messages as shellMessages } from '../../messages.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { EntityLink } from '../../parts/entity-link.tsx';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { kindName } from '../../parts/ref-text.ts';
import { safeUrl } from '../../parts/safe-url.ts';
import { useTitle } from '../../parts/use-title.ts';
import { messages } from './messages.ts';
import { usePreview, useRegister, type Preview } from './queries.ts';
import './register.css';

export function RegisterPage(): ReactElement {
  useTitle(messages.title);
  const [params] = useSearchParams();
  const [url, setUrl] = useState(params.get('url') ?? '');
  const [isWrong, setIsWrong] = useState(false);
  const preview = usePreview();
  const register = useRegister();

  function look(event: FormEvent): void {
    event.preventDefault();
    const target = url.trim();
    const good = safeUrl(target)?.startsWith('http') === true;
    setIsWrong(!good);
    if (!good) return;
    register.reset();
    preview.mutate(target);
  }

  function startAgain(): void {
    setUrl('');
    preview.reset();
    register.reset();
  }

  return (
    <div className="cb-page register">
      <h1>{messages.title}</h1>
      <p>{messages.why}</p>
      <form className="register-form" noValidate onSubmit={look}>
        <TextField
          className="register-url"
          type="url"
          name="url"
          label={messages.url}
          placeholder={messages.urlHint}
          value={url}
          onChange={setUrl}
          isInvalid={isWrong}
          {...(isWrong && { 'aria-describedby': 'register-wrong' })}
        />
        <Button type="submit" variant="primary" isDisabled={url.trim() === '' || preview.isPending}>
          {preview.isPending ? messages.looking : messages.look}
        </Button>
      </form>
      {isWrong && (
        <p className="register-wrong" id="register-wrong" role="alert">
          {messages.notUrl}
        </p>
      )}
      {preview.isError && (
        <ErrorPanel
          title={messages.lookFailed}
          error={preview.error}
          onRetry={() => preview.mutate(url.trim())}
        />
      )}
      {preview.data !== undefined && (
        <Found
          preview={preview.data}
          state={register.status}
          error={register.error}
          onRegister={() => register.mutate(preview.data.target)}
          onAnother={startAgain}
        />
      )}
      {preview.data === undefined && <NoFileYet />}
    </div>
  );
}

interface FoundProps {
  readonly preview: Preview;
  readonly state: 'idle' | 'pending' | 'success' | 'error';
  readonly error: Error | null;
  readonly onRegister: () => void;
  readonly onAnother: () => void;
}

function Found({ preview, state, error, onRegister, onAnother }: FoundProps): ReactElement {
  const { rows, exists } = preview;
  const act = exists ? messages.readAgain : messages.register;
  return (
    <section className="register-found">
      <h2 role="status">{messages.found(rows.length)}</h2>
      <ul className="register-rows">
        {rows.map((row) => (
          <li key={stringifyRef(row.ref)}>
            {state === 'success' || exists ? (
              <EntityLink to={row.ref}>
                <bdi>{row.title ?? row.name}</bdi>
              </EntityLink>
            ) : (
              <bdi>{row.title ?? row.name}</bdi>
            )}
            <span className="register-kind">
              {kindName(row.ref.kind)} <code>{stringifyRef(row.ref)}</code>
            </span>
          </li>
        ))}
      </ul>
      {state === 'success' ? (
        <>
          <Alert
            role="status"
            status="success"
            icon
            title={messages.registered}
            description={messages.registeredWhy}
          />
          <p className="register-actions">
            <ButtonLink variant="primary" href="/catalog">
              {shellMessages.toCatalog}
            </ButtonLink>
            <Button variant="secondary" onPress={onAnother}>
              {messages.another}
            </Button>
          </p>
        </>
      ) : (
        <>
          {exists && <p>{messages.exists}</p>}
          {error !== null && (
            <ErrorPanel title={messages.registerFailed} error={error} onRetry={onRegister} />
          )}
          <p className="register-actions">
            <Button variant="primary" isDisabled={state === 'pending'} onPress={onRegister}>
              {state === 'pending' ? messages.registering : act}
            </Button>
          </p>
        </>
      )}
    </section>
  );
}

function NoFileYet(): ReactElement {
  return (
    <section className="register-found">
      <h2>{messages.noFile}</h2>
      <p>{messages.noFileWhy}</p>
      <div className="cb-example">
        <pre className="cb-code" tabIndex={0}>
          {messages.yaml}
        </pre>
        <CopyButton text={messages.yaml} label={shellMessages.copyText} />
      </div>
    </section>
  );
}
