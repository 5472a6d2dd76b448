/** What a new token is for, and how long it is good. What was typed stays until the token is made. */
import { useState, type FormEvent, type ReactElement } from 'react';
import { Button, TextField } from '@backstage/ui';
import { count } from '../../messages.ts';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { messages } from './messages.ts';
import { useCreateToken } from './queries.ts';
import type { NewToken } from './tokens-api.ts';

const DAYS = [7, 30, 90, 180, 365];
const USUAL_DAYS = 90;
const LONGEST_NAME = 100;

export function NewTokenForm({ onMade }: { readonly onMade: (token: NewToken) => void }): ReactElement {
  const [name, setName] = useState('');
  const [days, setDays] = useState(USUAL_DAYS);
  const [isMissing, setIsMissing] = useState(false);
  const create = useCreateToken();

  function submit(event?: FormEvent): void {
    event?.preventDefault();
    setIsMissing(name.trim() === '');
    if (name.trim() === '' || create.isPending) return;
    create.mutate({ name: name.trim(), expiresInDays: days }, { onSuccess: onMade });
  }

  return (
    <form className="settings-form" aria-label={messages.newToken} onSubmit={submit}>
      <h3>{messages.newToken}</h3>
      <div className="settings-fields">
        <TextField
          className="settings-field"
          size="small"
          label={messages.tokenName}
          placeholder={messages.tokenNameExample}
          maxLength={LONGEST_NAME}
          autoComplete="off"
          isInvalid={isMissing}
          value={name}
          onChange={(next) => {
            setName(next);
            setIsMissing(false);
          }}
        />
        <label className="settings-days">
          <span>{messages.tokenLife}</span>
          <select
            className="cb-select"
            value={days}
            onChange={(event) => setDays(Number(event.target.value))}
          >
            {DAYS.map((known) => (
              <option key={known} value={known}>
                {messages.days(count(known))}
              </option>
            ))}
          </select>
        </label>
        <Button type="submit" variant="primary">
          {messages.create}
        </Button>
      </div>
      <p className="settings-wrong" role="alert">
        {isMissing ? messages.nameMissing : ''}
      </p>
      {create.isError && (
        <ErrorPanel title={messages.createFailed} error={create.error} onRetry={() => submit()} />
      )}
    </form>
  );
}
