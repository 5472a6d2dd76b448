/** What is drawn of a scene: cards and lines in the region, or blocks when they would be too small to read. */
import { memo, useMemo, type ReactElement } from 'react';
import { ArrowHead } from './arrow-head.tsx';
import type { MeasureText } from './fit-text.ts';
import {
  cardText,
  CARD,
  IN_CARD,
  labelBox,
  LABEL_HEIGHT,
  labelsWithRoom,
  noteOf,
  overlaps,
  type Scene,
  type SceneEdge,
  type SceneNode,
} from './scene.ts';
import type { Region } from './use-viewport.ts';

export interface Measures {
  readonly title: MeasureText;
  readonly note: MeasureText;
}

/** The ids of the arrow heads: one in the colour of the lines, one in that of what is pointed at. */
export interface Markers {
  readonly plain: string;
  readonly strong: string;
}

export function MarkerShapes({ markers }: { readonly markers: Markers }): ReactElement {
  return (
    <defs>
      {(['plain', 'strong'] as const).map((look) => (
        <ArrowHead key={look} id={markers[look]} className={`graph-head graph-head-${look}`} />
      ))}
    </defs>
  );
}

interface LayerProps {
  readonly scene: Scene;
  readonly region: Region;
  readonly measures: Measures;
  readonly markers: Markers;
}

/** Everything in its normal look. Does not change while somebody points at things. */
export const BaseLayer = memo(function BaseLayer(props: LayerProps): ReactElement {
  const { scene, region, measures, markers } = props;
  const labelled = useMemo(
    () => (scene.isLabelled ? labelsWithRoom(scene.edges, scene.nodes, measures.note) : []),
    [scene, measures],
  );
  if (region.level === 'blocks') return <Blocks scene={scene} />;
  const edges = scene.edges.filter((edge) => overlaps(edge.route.box, region.box));
  const nodes = scene.nodes.filter((node) => overlaps(node.box, region.box));
  return (
    <>
      {/* Thousands of lines with heads are slow to paint; as one path they are not. */}
      {scene.isCrowded && <path className="graph-line" d={edges.map((edge) => edge.route.path).join('')} />}
      {!scene.isCrowded &&
        edges.map((edge) => <EdgeLine key={edge.index} edge={edge} marker={markers.plain} />)}
      {labelled.map((edge) => (
        <EdgeLabel key={edge.index} edge={edge} measures={measures} />
      ))}
      {nodes.map((node) => (
        <NodeCard key={node.node.ref} item={node} measures={measures} />
      ))}
    </>
  );
});

/** The drawing from far away: a few long paths instead of thousands of elements. */
const Blocks = memo(function Blocks({ scene }: { readonly scene: Scene }): ReactElement {
  const { lines, blocks, roots } = useMemo(() => toBlocks(scene), [scene]);
  return (
    <>
      <path className="graph-line graph-far" d={lines} />
      {blocks.map(({ colour, path }) => (
        <path key={colour} className="graph-block" d={path} style={{ fill: `var(${colour})` }} />
      ))}
      <path className="graph-far-root" d={roots} />
    </>
  );
});

export interface SceneBlocks {
  readonly lines: string;
  readonly blocks: readonly { readonly colour: string; readonly path: string }[];
  readonly roots: string;
}

/** All lines in one path, and the cards in one for each colour. */
export function toBlocks(scene: Scene): SceneBlocks {
  const byColour = new Map<string, string[]>();
  for (const { box, look } of scene.nodes) {
    const paths = byColour.get(look.colour) ?? [];
    byColour.set(look.colour, paths);
    paths.push(blockPath(box));
  }
  return {
    lines: scene.edges.map((edge) => edge.route.path).join(''),
    blocks: [...byColour].map(([colour, paths]) => ({ colour, path: paths.join('') })),
    roots: scene.nodes
      .filter((node) => node.isRoot)
      .map((node) => blockPath(node.box))
      .join(''),
  };
}

function blockPath({ x, y }: { readonly x: number; readonly y: number }): string {
  return `M${x} ${y}h${CARD.width}v${CARD.height}h-${CARD.width}Z`;
}

interface FocusProps extends LayerProps {
  readonly focus: SceneNode;
}

/** A node with its relations, drawn once more above everything else. */
export function FocusLayer({ scene, region, measures, markers, focus }: FocusProps): ReactElement {
  const all = scene.edgesOf[focus.index] ?? [];
  const edges = all.filter((edge) => overlaps(edge.route.box, region.box));
  const others = new Set(edges.flatMap((edge) => [edge.from, edge.to]));
  others.delete(focus.index);
  const nodes = [...others].flatMap((index) => {
    const node = scene.nodes[index];
    return node !== undefined && overlaps(node.box, region.box) ? [node] : [];
  });
  const isNear = region.level === 'cards';
  const labelled = isNear && all.length <= 60 ? labelsWithRoom(edges, [...nodes, focus], measures.note) : [];
  return (
    <g className="graph-focus">
      {edges.map((edge) => (
        <EdgeLine key={edge.index} edge={edge} marker={isNear ? markers.strong : null} />
      ))}
      {isNear &&
        [...nodes, focus].map((node) => <NodeCard key={node.node.ref} item={node} measures={measures} />)}
      {!isNear && (
        <path className="graph-far-focus" d={[...nodes, focus].map((node) => blockPath(node.box)).join('')} />
      )}
      {labelled.map((edge) => (
        <EdgeLabel key={edge.index} edge={edge} measures={measures} />
      ))}
      <rect
        className="graph-ring"
        x={focus.box.x - 3}
        y={focus.box.y - 3}
        width={CARD.width + 6}
        height={CARD.height + 6}
        rx="11"
      />
    </g>
  );
}

const EdgeLine = memo(function EdgeLine(props: {
  readonly edge: SceneEdge;
  /** Null: without arrow heads. */
  readonly marker: string | null;
}): ReactElement {
  const { edge, marker } = props;
  const url = marker === null ? undefined : `url(#${marker})`;
  return (
    <path
      className="graph-line"
      d={edge.route.path}
      markerStart={edge.atStart ? url : undefined}
      markerEnd={edge.atEnd ? url : undefined}
    />
  );
});

const EdgeLabel = memo(function EdgeLabel(props: {
  readonly edge: SceneEdge;
  readonly measures: Measures;
}): ReactElement {
  const { edge, measures } = props;
  const box = labelBox(edge, measures.note);
  return (
    <g className="graph-label">
      <rect x={box.x} y={box.y} width={box.width} height={box.height} rx={LABEL_HEIGHT / 2} />
      <text x={edge.route.label.x} y={edge.route.label.y + 4} textAnchor="middle">
        {edge.label}
      </text>
    </g>
  );
});

const NodeCard = memo(function NodeCard(props: {
  readonly item: SceneNode;
  readonly measures: Measures;
}): ReactElement {
  const { item, measures } = props;
  const { node, box, look, isRoot } = item;
  const title = cardText(node.label, measures.title);
  const note = cardText(noteOf(node), measures.note);
  const colour = { color: `var(${look.colour})` };
  return (
    <g
      className="graph-card"
      data-ref={node.ref}
      data-missing={!node.exists || undefined}
      data-root={isRoot || undefined}
      transform={`translate(${box.x} ${box.y})`}
    >
      <rect className="graph-card-frame" width={CARD.width} height={CARD.height} rx="8" />
      <g style={colour}>
        <rect
          className="graph-card-tile"
          x={IN_CARD.tile}
          y={IN_CARD.tile}
          width={IN_CARD.tileSize}
          height={IN_CARD.tileSize}
          rx="6"
        />
        <path
          className="graph-card-icon"
          d={look.icon}
          transform={`translate(${IN_CARD.tile + 7} ${IN_CARD.tile + 7})`}
        />
      </g>
      {/* Texts begin at the same edge whatever their direction. */}
      <text
        className="graph-card-title"
        x={IN_CARD.text}
        y={IN_CARD.title}
        direction={title.direction}
        textAnchor={title.direction === 'rtl' ? 'end' : 'start'}
      >
        {title.text}
      </text>
      <text className="graph-card-note" x={IN_CARD.text} y={IN_CARD.note}>
        {note.text}
      </text>
    </g>
  );
});
