/**
 * Mouse, touch and wheel over the drawing. The wheel moves the drawing on the page of the graph and leaves it alone in
 * a tab, where it scrolls the page; with Ctrl or ⌘, and on a trackpad with two fingers apart, it zooms in both.
 */
import { useEffect, useRef, type PointerEvent, type RefObject } from 'react';
import type { Point } from './layout/layout.ts';
import type { Viewport } from './use-viewport.ts';

/** A press that moves less than this is a click, in pixels. */
const CLICK_WITHIN = 4;
const WHEEL_SPEED = 0.0022;
const MOST_WHEEL = 120;
const LINE_PX = 24;

export interface GesturesOptions {
  readonly container: RefObject<HTMLElement>;
  readonly viewport: Viewport;
  readonly wheel: 'pans' | 'scrolls-page';
  /** Points are those of the screen, from the corner of the container. */
  readonly onClick: (at: Point) => void;
  /** Null when the pointer is elsewhere, or drags. */
  readonly onPoint: (at: Point | null) => void;
}

export interface GestureHandlers {
  readonly onPointerDown: (event: PointerEvent<HTMLElement>) => void;
  readonly onPointerMove: (event: PointerEvent<HTMLElement>) => void;
  readonly onPointerUp: (event: PointerEvent<HTMLElement>) => void;
  readonly onPointerCancel: (event: PointerEvent<HTMLElement>) => void;
  readonly onPointerLeave: () => void;
}

interface Press {
  readonly start: Point;
  isDrag: boolean;
}

export function useGestures({
  container,
  viewport,
  wheel,
  onClick,
  onPoint,
}: GesturesOptions): GestureHandlers {
  const fingers = useRef(new Map<number, Point>());
  const press = useRef<Press | null>(null);
  const { view, show, zoomBy } = viewport;

  useEffect(() => {
    const element = container.current;
    if (element === null) return undefined;
    const onWheel = (event: WheelEvent): void => {
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_PX : 1;
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        const turned = Math.max(-MOST_WHEEL, Math.min(MOST_WHEEL, event.deltaY * unit));
        zoomBy(Math.exp(-turned * WHEEL_SPEED), { at: within(element, event) });
        return;
      }
      if (wheel === 'scrolls-page') return;
      event.preventDefault();
      const { x, y, zoom } = view();
      const [dx, dy] =
        event.shiftKey && event.deltaX === 0 ? [event.deltaY, 0] : [event.deltaX, event.deltaY];
      show({ x: x - dx * unit, y: y - dy * unit, zoom });
    };
    // React's own listener is passive and could not keep the page from scrolling.
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [container, view, show, zoomBy, wheel]);

  const release = (event: PointerEvent<HTMLElement>): void => {
    fingers.current.delete(event.pointerId);
    event.currentTarget.removeAttribute('data-dragging');
  };

  return {
    onPointerDown(event) {
      if (event.button !== 0) return;
      const at = within(event.currentTarget, event);
      fingers.current.set(event.pointerId, at);
      press.current = { start: at, isDrag: fingers.current.size > 1 };
    },
    onPointerMove(event) {
      const at = within(event.currentTarget, event);
      const before = fingers.current.get(event.pointerId);
      if (before === undefined) {
        if (event.pointerType === 'mouse') onPoint(at);
        return;
      }
      const pressed = press.current;
      if (pressed === null) return;
      if (!pressed.isDrag) {
        if (Math.hypot(at.x - pressed.start.x, at.y - pressed.start.y) < CLICK_WITHIN) return;
        pressed.isDrag = true;
        onPoint(null);
        event.currentTarget.setPointerCapture(event.pointerId);
        event.currentTarget.setAttribute('data-dragging', '');
      }
      fingers.current.set(event.pointerId, at);
      const { x, y, zoom } = view();
      const other = [...fingers.current].find(([id]) => id !== event.pointerId)?.[1];
      if (other === undefined) {
        show({ x: x + at.x - before.x, y: y + at.y - before.y, zoom });
        return;
      }
      const spread = Math.hypot(at.x - other.x, at.y - other.y);
      const spreadBefore = Math.hypot(before.x - other.x, before.y - other.y);
      const middle = { x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 };
      if (spreadBefore > 0) zoomBy(spread / spreadBefore, { at: middle });
    },
    onPointerUp(event) {
      const wasClick = press.current?.isDrag === false && fingers.current.has(event.pointerId);
      release(event);
      if (wasClick) onClick(within(event.currentTarget, event));
    },
    onPointerCancel: release,
    onPointerLeave: () => onPoint(null),
  };
}

/** The point of an event, from the corner of the element. */
export function within(
  element: HTMLElement,
  event: { readonly clientX: number; readonly clientY: number },
): Point {
  const { left, top } = element.getBoundingClientRect();
  return { x: event.clientX - left - element.clientLeft, y: event.clientY - top - element.clientTop };
}
