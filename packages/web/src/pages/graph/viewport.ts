/** What part of a drawing is on the screen, and how large: the arithmetic of panning and zooming. */
import type { Box, Point } from './layout/layout.ts';

/** A point `p` of the drawing is at `p * zoom + (x, y)` on the screen. */
export interface View {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export const ZOOM = { least: 0.04, most: 2.5, step: 1.3 } as const;
/** Below this cards are blocks without text. */
export const CARDS_FROM = 0.45;
/** A drawing that would become smaller than this is not shown as a whole at first. */
const READABLE = 0.5;
const FIRST_ZOOM = 0.8;
/** The buttons at the left take this from the room for everything, in pixels. */
const BUTTONS = 32;
/** How much of the drawing stays on the screen, in pixels. */
const STAYS = 80;
/** What is less than this is the same place: reckoning there and back is not exact. */
const ROUNDING = 0.01;

/** The whole drawing in the middle, beside the buttons, never enlarged. */
export function fitView(drawing: Size, screen: Size): View {
  const width = Math.max(1, screen.width - BUTTONS);
  return inMiddle(
    drawing,
    screen,
    clampZoom(Math.min(width / drawing.width, screen.height / drawing.height, 1)),
  );
}

function inMiddle(drawing: Size, screen: Size, zoom: number): View {
  return {
    x: Math.max((screen.width - drawing.width * zoom) / 2, BUTTONS),
    y: (screen.height - drawing.height * zoom) / 2,
    zoom,
  };
}

/** The whole drawing where it can be read; otherwise the root in the middle at a size that can be. */
export function firstView(drawing: Size, screen: Size, root: Box | null): View {
  const whole = fitView(drawing, screen);
  if (root === null || whole.zoom >= READABLE) return whole;
  const { x, y, zoom } = centred(root, screen, FIRST_ZOOM);
  // No empty room beside a drawing that is larger than the screen.
  const filled = (offset: number, size: number, screenSize: number): number =>
    size * zoom > screenSize ? Math.min(0, Math.max(screenSize - size * zoom, offset)) : offset;
  return {
    x: filled(x, drawing.width, screen.width),
    y: filled(y, drawing.height, screen.height),
    zoom,
  };
}

/** A view after the screen has another size: everything stays in sight, or what was in the middle stays there. */
export function resized(
  view: View,
  drawing: Size,
  { before, after }: { readonly before: Size; readonly after: Size },
): View {
  const whole = { x: 0, y: 0, width: drawing.width, height: drawing.height };
  const fitted = fitView(drawing, after);
  if (contains(visibleBox(view, before, 0), whole) && fitted.zoom >= READABLE) {
    return inMiddle(drawing, after, Math.min(fitted.zoom, view.zoom));
  }
  const { x, y, zoom } = view;
  return { x: x + (after.width - before.width) / 2, y: y + (after.height - before.height) / 2, zoom };
}

/** A factor that makes a drawing no smaller than a little less than the screen. */
export function boundedFactor(
  view: View,
  factor: number,
  { drawing, screen }: { readonly drawing: Size; readonly screen: Size },
): number {
  const least = Math.min(fitView(drawing, screen).zoom, FIRST_ZOOM) * 0.75;
  return Math.max(factor, Math.min(1, least / view.zoom));
}

/** A box in the middle of the screen. */
export function centred(box: Box, screen: Size, zoom: number): View {
  return {
    x: screen.width / 2 - (box.x + box.width / 2) * zoom,
    y: screen.height / 2 - (box.y + box.height / 2) * zoom,
    zoom,
  };
}

/** Zooms by a factor; the point of the screen stays over the same point of the drawing. */
export function zoomAt(view: View, at: Point, factor: number): View {
  const zoom = clampZoom(view.zoom * factor);
  const ratio = zoom / view.zoom;
  return { x: at.x - (at.x - view.x) * ratio, y: at.y - (at.y - view.y) * ratio, zoom };
}

/** The least move that brings a box onto the screen, with some room around it. */
export function revealed(view: View, box: Box, screen: Size): View {
  const room = 24;
  const move = (start: number, size: number, offset: number, screenSize: number): number => {
    const near = start * view.zoom + offset - room;
    const far = (start + size) * view.zoom + offset + room;
    if (near < 0) return offset - near;
    if (far > screenSize) return offset - Math.min(far - screenSize, near);
    return offset;
  };
  return {
    x: move(box.x, box.width, view.x, screen.width),
    y: move(box.y, box.height, view.y, screen.height),
    zoom: view.zoom,
  };
}

/** Moves a view so that the drawing cannot be lost. */
export function keepInside(view: View, drawing: Size, screen: Size): View {
  const inside = (offset: number, size: number, screenSize: number): number =>
    Math.min(screenSize - STAYS, Math.max(STAYS - size * view.zoom, offset));
  return {
    x: inside(view.x, drawing.width, screen.width),
    y: inside(view.y, drawing.height, screen.height),
    zoom: view.zoom,
  };
}

/** What of the drawing is on the screen, with a margin of so many screens on every side. */
export function visibleBox(view: View, screen: Size, margin: number): Box {
  return {
    x: (-view.x - screen.width * margin) / view.zoom,
    y: (-view.y - screen.height * margin) / view.zoom,
    width: (screen.width * (1 + 2 * margin)) / view.zoom,
    height: (screen.height * (1 + 2 * margin)) / view.zoom,
  };
}

export function contains(outer: Box, inner: Box): boolean {
  return (
    outer.x <= inner.x + ROUNDING &&
    outer.y <= inner.y + ROUNDING &&
    outer.x + outer.width >= inner.x + inner.width - ROUNDING &&
    outer.y + outer.height >= inner.y + inner.height - ROUNDING
  );
}

/** The point of the drawing that is at a point of the screen. */
export function toDrawing(view: View, at: Point): Point {
  return { x: (at.x - view.x) / view.zoom, y: (at.y - view.y) / view.zoom };
}

function clampZoom(zoom: number): number {
  return Math.min(ZOOM.most, Math.max(ZOOM.least, zoom));
}
