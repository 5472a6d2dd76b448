/**
 * The part of the drawing that is on the screen. Panning and zooming only move one group of the SVG; what is drawn
 * changes when the screen leaves the region that was drawn, or cards become blocks.
 */
import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';
import type { Box, Point } from './layout/layout.ts';
import {
  boundedFactor,
  CARDS_FROM,
  contains,
  keepInside,
  resized,
  revealed,
  visibleBox,
  zoomAt,
  type Size,
  type View,
} from './viewport.ts';

/** What is drawn: everything that touches the box. */
export interface Region {
  readonly box: Box;
  readonly level: 'cards' | 'blocks';
}

export interface Viewport {
  readonly region: Region;
  readonly view: () => View;
  readonly screen: () => Size;
  /** Shows a view; `glide` moves there unless the person wants no motion. */
  readonly show: (view: View, how?: 'jump' | 'glide') => void;
  /** Zooms around a point of the screen; its middle without one. */
  readonly zoomBy: (
    factor: number,
    options?: { readonly at?: Point; readonly how?: 'jump' | 'glide' },
  ) => void;
  /** Is called with every view that is shown. */
  readonly subscribe: (listener: (view: View) => void) => () => void;
}

/** How far around the screen is drawn, in screens. */
const MARGIN = 0.3;
const GLIDE_MS = 180;
const NOTHING: Region = { box: { x: 0, y: 0, width: 0, height: 0 }, level: 'cards' };

export interface ViewportOptions {
  readonly container: RefObject<HTMLElement>;
  readonly layer: RefObject<SVGGElement>;
  readonly drawing: Size;
  /** What stays on the screen when that becomes smaller. */
  readonly kept: Box | null;
}

export function useViewport({ container, layer, drawing, kept }: ViewportOptions): Viewport {
  const [region, setRegion] = useState(NOTHING);
  const drawnRegion = useRef(NOTHING);
  const view = useRef<View>({ x: 0, y: 0, zoom: 1 });
  const screenSize = useRef<Size>({ width: 0, height: 0 });
  const frame = useRef(0);
  const glide = useRef(0);
  const listeners = useRef(new Set<(view: View) => void>());
  const latestDrawing = useRef(drawing);
  latestDrawing.current = drawing;
  const latestKept = useRef(kept);
  latestKept.current = kept;

  const draw = useCallback(() => {
    frame.current = 0;
    const { x, y, zoom } = view.current;
    layer.current?.setAttribute('transform', `translate(${x} ${y}) scale(${zoom})`);
    for (const listener of listeners.current) listener(view.current);
    const wanted = nextRegion(drawnRegion.current, view.current, screenSize.current);
    if (wanted === drawnRegion.current) return;
    drawnRegion.current = wanted;
    setRegion(wanted);
  }, [layer]);

  const place = useCallback(
    (next: View) => {
      view.current = keepInside(next, latestDrawing.current, screenSize.current);
      if (frame.current === 0) frame.current = requestAnimationFrame(draw);
    },
    [draw],
  );

  const show = useCallback(
    (next: View, how: 'jump' | 'glide' = 'jump') => {
      cancelAnimationFrame(glide.current);
      if (how === 'jump' || matchMedia('(prefers-reduced-motion: reduce)').matches) {
        place(next);
        return;
      }
      const from = view.current;
      const start = performance.now();
      const step = (now: number): void => {
        const done = Math.min(1, Math.max(0, now - start) / GLIDE_MS);
        const eased = 1 - (1 - done) ** 3;
        const between = (a: number, b: number): number => a + (b - a) * eased;
        place({
          x: between(from.x, next.x),
          y: between(from.y, next.y),
          zoom: between(from.zoom, next.zoom),
        });
        if (done < 1) glide.current = requestAnimationFrame(step);
      };
      glide.current = requestAnimationFrame(step);
    },
    [place],
  );

  const zoomBy = useCallback<Viewport['zoomBy']>(
    (factor, { at, how } = {}) => {
      const { width, height } = screenSize.current;
      const sizes = { drawing: latestDrawing.current, screen: screenSize.current };
      const bounded = boundedFactor(view.current, factor, sizes);
      show(zoomAt(view.current, at ?? { x: width / 2, y: height / 2 }, bounded), how);
    },
    [show],
  );

  useLayoutEffect(() => {
    const element = container.current;
    if (element === null) return undefined;
    const measure = (): void => {
      const before = screenSize.current;
      const after = { width: element.clientWidth, height: element.clientHeight };
      screenSize.current = after;
      if (before.width === 0) return;
      const next = resized(view.current, latestDrawing.current, { before, after });
      place(latestKept.current === null ? next : revealed(next, latestKept.current, after));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [container, place]);

  useEffect(
    () => () => {
      cancelAnimationFrame(frame.current);
      cancelAnimationFrame(glide.current);
      frame.current = 0;
    },
    [],
  );

  const subscribe = useCallback((listener: (view: View) => void) => {
    listeners.current.add(listener);
    return () => void listeners.current.delete(listener);
  }, []);
  const readView = useCallback(() => view.current, []);
  const readScreen = useCallback(() => screenSize.current, []);
  return { region, view: readView, screen: readScreen, show, zoomBy, subscribe };
}

/** The region that is drawn already, while it serves the view. */
function nextRegion(drawn: Region, view: View, screen: Size): Region {
  const level = view.zoom < CARDS_FROM ? 'blocks' : 'cards';
  const needed = visibleBox(view, screen, 0);
  const isTooLarge = drawn.box.width > needed.width * (1 + MARGIN * 4);
  if (drawn.level === level && contains(drawn.box, needed) && (level === 'blocks' || !isTooLarge))
    return drawn;
  return { box: visibleBox(view, screen, MARGIN), level };
}
