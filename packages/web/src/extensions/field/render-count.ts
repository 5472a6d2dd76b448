/** Notices a component that draws itself without end; React itself does not, where effects are to blame. */
import { messages } from '../messages.ts';

/** More often than any screen is drawn: 200 times in a second. */
const MOST = 400;
const WITHIN_MS = 2_000;

export interface RenderCount {
  /** Call it at every drawing. Throws once there are too many in too short a time. */
  readonly add: (now: number) => void;
}

export function createRenderCount(): RenderCount {
  let since = 0;
  let count = 0;
  return {
    add(now) {
      if (now - since > WITHIN_MS) {
        since = now;
        count = 0;
      }
      count += 1;
      if (count > MOST) throw new Error(messages.endless);
    },
  };
}
