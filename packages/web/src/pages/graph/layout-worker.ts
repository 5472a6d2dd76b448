/** Lays graphs out beside the page, so that the page never waits. The page leaves out answers it no longer needs. */
import { layoutGraph, type Layout, type LayoutInput } from './layout/layout.ts';

export interface LayoutRequest {
  readonly id: number;
  readonly input: LayoutInput;
}

export interface LayoutAnswer {
  readonly id: number;
  readonly layout: Layout;
}

addEventListener('message', (event: MessageEvent<LayoutRequest>) => {
  const { id, input } = event.data;
  const answer: LayoutAnswer = { id, layout: layoutGraph(input) };
  postMessage(answer);
});
