/** The few hooks of `react-use` that fields use. */
import { useCallback, useEffect, useRef, useState, type DependencyList, type EffectCallback } from 'react';

interface AsyncState {
  readonly loading: boolean;
  readonly value?: unknown;
  readonly error?: unknown;
}

type AsyncFunction = (...given: readonly unknown[]) => Promise<unknown>;

/** Only the answer to the last call counts, and none after the component is gone. */
function useAsyncFn(
  call: AsyncFunction,
  deps: DependencyList = [],
  initial: AsyncState = { loading: false },
): readonly [AsyncState, AsyncFunction] {
  const [state, setState] = useState(initial);
  const last = useRef(0);
  const isThere = useIsThere();
  const run = useCallback<AsyncFunction>(async (...given) => {
    last.current += 1;
    const number = last.current;
    const isWanted = (): boolean => isThere() && number === last.current;
    setState((before) => (before.loading ? before : { ...before, loading: true }));
    try {
      const value = await call(...given);
      if (isWanted()) setState({ value, loading: false });
      return value;
    } catch (error) {
      if (isWanted()) setState({ error, loading: false });
      return error;
    }
    // The caller says what its function depends on.
  }, deps);
  return [state, run];
}

function useAsync(call: AsyncFunction, deps: DependencyList = []): AsyncState {
  const [state, run] = useAsyncFn(call, deps, { loading: true });
  useEffect(() => void run(), [run]);
  return state;
}

function useAsyncRetry(
  call: AsyncFunction,
  deps: DependencyList = [],
): AsyncState & { readonly retry: () => void } {
  const [attempt, setAttempt] = useState(0);
  const state = useAsync(call, [...deps, attempt]);
  const { loading } = state;
  const retry = useCallback(() => {
    if (!loading) setAttempt((before) => before + 1);
  }, [loading]);
  return { ...state, retry };
}

function useDebounce(
  run: () => void,
  ms = 0,
  deps: DependencyList = [],
): readonly [isReady: () => boolean | null, cancel: () => void] {
  const timer = useRef<ReturnType<typeof setTimeout>>();
  const done = useRef<boolean | null>(false);
  const latest = useRef(run);
  latest.current = run;
  const cancel = useCallback(() => {
    done.current = null;
    clearTimeout(timer.current);
  }, []);
  useEffect(() => {
    done.current = false;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      done.current = true;
      latest.current();
    }, ms);
    return () => clearTimeout(timer.current);
  }, [ms, ...deps]);
  return [useCallback(() => done.current, []), cancel];
}

function useEffectOnce(effect: EffectCallback): void {
  useEffect(effect, []);
}

function useMount(run: () => void): void {
  useEffectOnce(() => run());
}

function useUnmount(run: () => void): void {
  const latest = useRef(run);
  latest.current = run;
  useEffectOnce(() => () => latest.current());
}

/** Not on the first time. */
function useUpdateEffect(effect: EffectCallback, deps?: DependencyList): void {
  const isFirst = useRef(true);
  useEffect(() => {
    if (!isFirst.current) return effect();
    isFirst.current = false;
    return undefined;
  }, deps);
}

function usePrevious(value: unknown): unknown {
  const before = useRef<unknown>();
  useEffect(() => {
    before.current = value;
  });
  return before.current;
}

function useToggle(initial: boolean): readonly [boolean, (next?: unknown) => void] {
  const [isOn, setIsOn] = useState(initial);
  return [isOn, useCallback((next) => setIsOn((now) => (typeof next === 'boolean' ? next : !now)), [])];
}

function useIsThere(): () => boolean {
  const there = useRef(false);
  useEffect(() => {
    there.current = true;
    return () => {
      there.current = false;
    };
  }, []);
  return useCallback(() => there.current, []);
}

export const reactUse = {
  useAsync,
  useAsyncFn,
  useAsyncRetry,
  useDebounce,
  useEffectOnce,
  useMount,
  useMountedState: useIsThere,
  usePrevious,
  useToggle,
  useUnmount,
  useUpdateEffect,
};
