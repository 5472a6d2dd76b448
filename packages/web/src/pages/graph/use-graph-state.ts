/**
 * The state of the page, which is its address. A change is shown at once and is in the address a moment later, because
 * the router takes its time; what the address says otherwise, as after Back, is taken over.
 */
import { useCallback, useEffect, useRef, useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router-dom';
import { graphPath, isForeign, parseGraphState, toGraphParams, type GraphState } from './url-state.ts';

export type ChangeState = (change: Partial<GraphState>) => void;

export function useGraphState(): readonly [GraphState, ChangeState] {
  const [params] = useSearchParams();
  const navigate = useNavigate();
  const [state, setState] = useState(() => parseGraphState(params));
  const latest = useRef(state);
  /** Addresses that this page went to and that have yet to arrive: they are not news. */
  const onTheWay = useRef(new Set<string>());

  const show = useCallback((next: GraphState) => {
    latest.current = next;
    setState(next);
  }, []);

  const go = useCallback(
    (next: GraphState, replace: boolean) => {
      onTheWay.current.add(toGraphParams(next).toString());
      show(next);
      navigate(graphPath(next), { replace });
    },
    [navigate, show],
  );

  useEffect(() => {
    const arrived = params.toString();
    if (isForeign(params)) {
      go(parseGraphState(params), true);
      return;
    }
    const isExpected = onTheWay.current.delete(arrived);
    if (arrived === toGraphParams(latest.current).toString()) onTheWay.current.clear();
    else if (!isExpected) show(parseGraphState(params));
  }, [params, go, show]);

  const change = useCallback<ChangeState>(
    // Another middle is another page to come back from; everything else is the same page seen otherwise.
    (part) => go({ ...latest.current, ...part }, part.roots === undefined),
    [go],
  );
  return [state, change];
}
