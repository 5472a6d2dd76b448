/** The whole drawing in a corner, with the part that is on the screen; not shown when that is all. A press goes there. */
import { useEffect, useMemo, useRef, type PointerEvent, type ReactElement } from 'react';
import { toBlocks } from './drawing.tsx';
import type { Scene } from './scene.ts';
import type { Viewport } from './use-viewport.ts';
import { centred, contains, visibleBox, type View } from './viewport.ts';

/** Its longest sides, in pixels. */
const MOST = { width: 168, height: 112 } as const;

export function Minimap({
  scene,
  viewport,
}: {
  readonly scene: Scene;
  readonly viewport: Viewport;
}): ReactElement {
  const root = useRef<HTMLDivElement>(null);
  const frame = useRef<SVGRectElement>(null);
  const { blocks, roots } = useMemo(() => toBlocks(scene), [scene]);
  const scale = Math.min(MOST.width / scene.width, MOST.height / scene.height);
  const { subscribe, view, screen, show } = viewport;
  useEffect(() => {
    const update = (current: View): void => {
      const visible = visibleBox(current, screen(), 0);
      const whole = { x: 0, y: 0, width: scene.width, height: scene.height };
      if (root.current !== null) root.current.hidden = contains(visible, whole);
      const { x, y, width, height } = visible;
      const shape = { x, y, width, height };
      for (const [name, value] of Object.entries(shape)) frame.current?.setAttribute(name, String(value));
    };
    update(view());
    return subscribe(update);
  }, [subscribe, view, screen, scene]);

  const go = (event: PointerEvent<HTMLDivElement>): void => {
    if (event.buttons !== 1) return;
    const { left, top } = event.currentTarget.getBoundingClientRect();
    const at = { x: (event.clientX - left) / scale, y: (event.clientY - top) / scale };
    show(centred({ ...at, width: 0, height: 0 }, screen(), view().zoom));
  };

  return (
    // For the mouse alone: the keyboard has arrows and zero.
    <div className="graph-minimap" ref={root} aria-hidden="true" onPointerDown={go} onPointerMove={go}>
      <svg
        width={scene.width * scale}
        height={scene.height * scale}
        viewBox={`0 0 ${scene.width} ${scene.height}`}
      >
        {blocks.map(({ colour, path }) => (
          <path key={colour} className="graph-block" d={path} style={{ fill: `var(${colour})` }} />
        ))}
        <path className="graph-far-root" d={roots} />
        <rect ref={frame} className="graph-minimap-frame" />
      </svg>
    </div>
  );
}
