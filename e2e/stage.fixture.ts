/** A portal and a browser for the tests of one `describe`; whatever was started is stopped, also after a failure. */
import { after, before } from 'node:test';
import { launchChrome, type Chrome } from './browser.fixture.ts';
import { startPortal, type Portal, type PortalOptions } from './portal.fixture.ts';

const HOOK_MS = 60_000;

export interface Stage {
  /** Both can be used in tests only, not while a suite is described. */
  readonly portal: Portal;
  readonly chrome: Chrome;
}

/** To be called in a `describe`, before its tests. */
export function setStage(options: PortalOptions = {}): Stage {
  const opened = new AsyncDisposableStack();
  let stage: Stage | null = null;
  const current = (): Stage => {
    if (stage === null) throw new Error('the stage is not set yet');
    return stage;
  };
  before(
    async () => {
      // One that started is stopped also when the other did not.
      const starts = [
        launchChrome().then((chrome) => opened.use(chrome)),
        startPortal(options).then((portal) => opened.use(portal)),
      ] as const;
      await Promise.allSettled(starts);
      const [chrome, portal] = await Promise.all(starts);
      stage = { chrome, portal };
    },
    { timeout: HOOK_MS },
  );
  after(() => opened.disposeAsync(), { timeout: HOOK_MS });
  return {
    get portal() {
      return current().portal;
    },
    get chrome() {
      return current().chrome;
    },
  };
}
