/** Parts of the page whose code is loaded when they are opened. One that cannot be loaded does not take the page along. */
import { useEffect, useState, type ReactElement, type ReactNode } from 'react';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { messages } from './messages.ts';

export interface LateProps<T> {
  /** Has to be the same function each time. */
  readonly load: () => Promise<T>;
  readonly children: (code: T) => ReactNode;
}

export function Late<T>({ load, children }: LateProps<T>): ReactElement | null {
  const [code, setCode] = useState<{ readonly loaded: T } | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let isWanted = true;
    load().then(
      (loaded) => isWanted && setCode({ loaded }),
      (thrown: unknown) => isWanted && setError(thrown),
    );
    return () => {
      isWanted = false;
    };
  }, [load, attempt]);
  if (code !== null) return <>{children(code.loaded)}</>;
  if (error === null) return null;
  const retry = (): void => {
    setError(null);
    setAttempt(attempt + 1);
  };
  return <ErrorPanel title={messages.codeFailed} error={error} onRetry={retry} />;
}
