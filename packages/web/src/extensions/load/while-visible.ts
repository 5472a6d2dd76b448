/** A tab that nobody looks at holds no connection: a browser has only six of them for one server. */

export interface VisiblePage {
  readonly visibilityState: DocumentVisibilityState;
  addEventListener(type: 'visibilitychange', listener: () => void): void;
  removeEventListener(type: 'visibilitychange', listener: () => void): void;
}

/**
 * Begins what `start` begins when the page is seen, and ends it, by what `start` gave, while it is not.
 * @param start told whether the page was hidden before
 * @returns ends it for good
 */
export function whileVisible(page: VisiblePage, start: (wasHidden: boolean) => () => void): () => void {
  let stop: (() => void) | null = null;
  let wasHidden = false;
  const look = (): void => {
    if (page.visibilityState === 'hidden') {
      stop?.();
      stop = null;
      wasHidden = true;
      return;
    }
    stop ??= start(wasHidden);
  };
  look();
  page.addEventListener('visibilitychange', look);
  return () => {
    page.removeEventListener('visibilitychange', look);
    stop?.();
    stop = null;
  };
}
