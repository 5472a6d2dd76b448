/**
 * Runs in the measured page, before anything of its own: knows when something is on the screen, and how regularly
 * frames come. Times are milliseconds since the navigation began, as performance.now() gives them.
 */
{
  /** The time at which the next frame, with all that is in the page now, has been handed to the screen. */
  const painted = () =>
    new Promise((resolve) => {
      requestAnimationFrame(() => {
        // A message is taken up after the frame that it was sent in.
        const { port1, port2 } = new MessageChannel();
        port1.addEventListener('message', () => resolve(performance.now()), { once: true });
        port1.start();
        port2.postMessage(null);
      });
    });

  /** One wait for something on the page, in milliseconds. */
  const PATIENCE_MS = 15_000;

  /** When `holds` answers true for the first time, and that is painted. It is asked after every change of the page. */
  const when = (holds) =>
    new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        observer.disconnect();
        reject(new Error(`this did not come about within ${PATIENCE_MS} ms: ${holds}`));
      }, PATIENCE_MS);
      const look = () => {
        if (!holds()) return;
        clearTimeout(late);
        observer.disconnect();
        resolve(painted());
      };
      const observer = new MutationObserver(look);
      observer.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
      look();
    });

  /** Milliseconds from the next event of a type, as the browser got it, until `holds` is painted. */
  const since = (type, holds) =>
    new Promise((resolve, reject) => {
      addEventListener(
        type,
        ({ timeStamp }) => {
          when(holds).then((at) => resolve(at - timeStamp), reject);
        },
        { capture: true, once: true },
      );
    });

  /** Calls `step` once a frame for so long; the times between two frames. */
  const frames = (ms, step) =>
    new Promise((resolve) => {
      const times = [];
      const began = performance.now();
      let last = null;
      const next = (now) => {
        if (last !== null) times.push(now - last);
        last = now;
        if (now - began > ms) {
          resolve(times);
          return;
        }
        step(times.length);
        requestAnimationFrame(next);
      };
      requestAnimationFrame(next);
    });

  /** Durations of the tasks that kept the page from answering for 50 ms or more. */
  const longTasks = [];
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longTasks.push(duration);
  }).observe({ type: 'longtask', buffered: true });

  globalThis.probe = { when, since, frames, longTasks };
}
