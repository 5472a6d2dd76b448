/** The drawing with everything that moves it: mouse, touch, wheel, keyboard, buttons, and the overview in its corner. */
import {
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactElement,
} from 'react';
import { BaseLayer, FocusLayer, MarkerShapes, type Measures } from './drawing.tsx';
import { createMeasure } from './fit-text.ts';
import type { Point } from './layout/layout.ts';
import { messages } from './messages.ts';
import { Minimap } from './minimap.tsx';
import { noteOf, NOTE_FONT, TITLE_FONT, type Scene, type SceneNode } from './scene.ts';
import { isArrow, stepFrom, type Arrow } from './steps.ts';
import { useGestures, within } from './use-gestures.ts';
import { useViewport, type Viewport } from './use-viewport.ts';
import { centred, firstView, fitView, revealed, toDrawing, ZOOM } from './viewport.ts';
import { ZoomButtons } from './zoom-buttons.tsx';

export interface GraphCanvasProps {
  readonly scene: Scene;
  /** What the drawing is, for screen readers. */
  readonly label: string;
  readonly selected: string | null;
  readonly onSelect: (ref: string | null) => void;
  readonly onOpen: (node: SceneNode) => void;
  /** In a tab the wheel scrolls the page, and there is no overview. */
  readonly variant: 'page' | 'tab';
}

const FONT_FAMILY =
  "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif";

/** The texts as graph.css draws them. */
function createMeasures(): Measures {
  return {
    title: createMeasure(`${TITLE_FONT.weight} ${TITLE_FONT.size}px ${FONT_FAMILY}`),
    note: createMeasure(`${NOTE_FONT.weight} ${NOTE_FONT.size}px ${FONT_FAMILY}`),
  };
}

export function GraphCanvas({
  scene,
  label,
  selected,
  onSelect,
  onOpen,
  variant,
}: GraphCanvasProps): ReactElement {
  const container = useRef<HTMLDivElement>(null);
  const layer = useRef<SVGGElement>(null);
  const measures = useMemo(createMeasures, []);
  const [pointed, setPointed] = useState<Pointed | null>(null);
  const id = useId().replaceAll(':', '');
  const markers = useMemo(() => ({ plain: `${id}plain`, strong: `${id}strong` }), [id]);
  const selectedNode = nodeOf(scene, selected);
  const viewport = useViewport({ container, layer, drawing: scene, kept: selectedNode?.box ?? null });
  const pointedNode = pointed === null ? null : (scene.nodes[pointed.index] ?? null);
  const focus = pointedNode ?? selectedNode;
  const isFar = viewport.region.level === 'blocks';

  useFirstView(scene, selectedNode, viewport);
  useEffect(() => setPointed(null), [scene]);

  const hit = (at: Point): SceneNode | null => nodeAt(scene, toDrawing(viewport.view(), at));
  const gestures = useGestures({
    container,
    viewport,
    wheel: variant === 'page' ? 'pans' : 'scrolls-page',
    onClick: (at) => {
      container.current?.focus({ preventScroll: true });
      onSelect(hit(at)?.node.ref ?? null);
    },
    onPoint: (at) => {
      const node = at === null ? null : hit(at);
      setPointed(at === null || node === null ? null : { index: node.index, at });
    },
  });

  const go = (node: SceneNode): void => {
    onSelect(node.node.ref);
    const view = viewport.view();
    // A block without a name says nothing: going by keyboard comes near enough to read.
    const near = view.zoom < 0.5 ? centred(node.box, viewport.screen(), 0.8) : view;
    viewport.show(revealed(near, node.box, viewport.screen()), 'glide');
  };

  const zoom = (factor: number): void => viewport.zoomBy(factor, { how: 'glide' });
  const fit = (): void => viewport.show(fitView(scene, viewport.screen()), 'glide');
  const walk = (arrow: Arrow): void => {
    const start = scene.nodes.find((node) => node.isRoot) ?? scene.nodes[0];
    const next = selectedNode === null ? start : stepFrom(scene, selectedNode, arrow);
    if (next !== null && next !== undefined) go(next);
  };
  const keys: Readonly<Record<string, () => void>> = {
    '+': () => zoom(ZOOM.step),
    '=': () => zoom(ZOOM.step),
    '-': () => zoom(1 / ZOOM.step),
    '0': fit,
    Enter: () => {
      if (selectedNode !== null) onOpen(selectedNode);
    },
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { key } = event;
    const action = isArrow(key) ? () => walk(key) : keys[key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  };

  return (
    <div className="graph-canvas" data-variant={variant}>
      <div
        ref={container}
        className="graph-surface"
        role="application"
        tabIndex={0}
        aria-label={label}
        aria-describedby={`${id}help`}
        data-pointing={pointedNode !== null || undefined}
        onKeyDown={onKeyDown}
        onDoubleClick={(event) => {
          const node = hit(within(event.currentTarget, event));
          if (node !== null) onOpen(node);
        }}
        {...gestures}
      >
        <svg className="graph-svg" role="img" aria-label={label}>
          <MarkerShapes markers={markers} />
          <g ref={layer}>
            <g
              className="graph-base"
              data-dimmed={dimming(pointedNode, selectedNode)}
              data-crowded={scene.isCrowded || undefined}
            >
              <BaseLayer scene={scene} region={viewport.region} measures={measures} markers={markers} />
            </g>
            {focus !== null && (
              <FocusLayer
                scene={scene}
                region={viewport.region}
                measures={measures}
                markers={markers}
                focus={focus}
              />
            )}
          </g>
        </svg>
        {pointed !== null && pointedNode !== null && (isFar || isCut(pointedNode, measures)) && (
          <Tip node={pointedNode} at={pointed.at} width={viewport.screen().width} />
        )}
      </div>
      <p id={`${id}help`} className="cb-hidden">
        {messages.canvasHelp}
      </p>
      <p className="graph-hint" aria-hidden="true">
        <span className="graph-hint-keys">{messages.keyboardHint}</span>
        {variant === 'tab' && <span className="graph-hint-wheel">{messages.wheelHint}</span>}
      </p>
      <ZoomButtons onZoom={zoom} onFit={fit} />
      {variant === 'page' && scene.nodes.length > 12 && <Minimap scene={scene} viewport={viewport} />}
    </div>
  );
}

interface Pointed {
  readonly index: number;
  readonly at: Point;
}

function dimming(pointed: SceneNode | null, selected: SceneNode | null): 'pointed' | 'selected' | undefined {
  if (pointed !== null) return 'pointed';
  return selected === null ? undefined : 'selected';
}

function nodeOf(scene: Scene, ref: string | null): SceneNode | null {
  const index = ref === null ? undefined : scene.indexOf.get(ref);
  return index === undefined ? null : (scene.nodes[index] ?? null);
}

function nodeAt(scene: Scene, { x, y }: Point): SceneNode | null {
  return (
    scene.nodes.find(
      ({ box }) => x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height,
    ) ?? null
  );
}

/**
 * The first view of a scene. When the one before had the same node in it, that node stays where it was on the screen,
 * so that a graph which grows does so in place.
 */
function useFirstView(scene: Scene, selected: SceneNode | null, viewport: Viewport): void {
  const before = useRef<Scene | null>(null);
  const { show, screen, view } = viewport;
  useLayoutEffect(() => {
    const previous = before.current;
    before.current = scene;
    const root = scene.nodes.find((node) => node.isRoot) ?? null;
    const anchor = selected ?? root;
    const was = previous === null || anchor === null ? null : nodeOf(previous, anchor.node.ref);
    const isSameKind = previous?.orientation === scene.orientation;
    if (selected === null || anchor === null || was === null || !isSameKind) {
      show(firstView(scene, screen(), (selected ?? root)?.box ?? null));
      return;
    }
    const { x, y, zoom } = view();
    show({ x: x + (was.box.x - anchor.box.x) * zoom, y: y + (was.box.y - anchor.box.y) * zoom, zoom });
    // Only a new scene moves the view; a selection alone does not.
  }, [scene]);
}

function isCut({ node }: SceneNode, measures: Measures): boolean {
  return measures.title(node.label.slice(0, 200)) > 156 || measures.note(noteOf(node).slice(0, 200)) > 156;
}

function Tip(props: { readonly node: SceneNode; readonly at: Point; readonly width: number }): ReactElement {
  const { node, at, width } = props;
  const isLeft = at.x > width / 2;
  return (
    <div
      className="graph-tip"
      aria-hidden="true"
      style={{ top: at.y + 14, ...(isLeft ? { right: width - at.x } : { left: at.x + 10 }) }}
    >
      <bdi>{node.node.label}</bdi>
      <span>{noteOf(node.node)}</span>
    </div>
  );
}
