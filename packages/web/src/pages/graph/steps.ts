/** Moving through a graph by arrow keys: along the flow to a related node, across it to the next of the layer. */
import type { Scene, SceneNode } from './scene.ts';

export type Arrow = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown';

const ARROWS: readonly string[] = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'];

export function isArrow(key: string): key is Arrow {
  return ARROWS.includes(key);
}

/** The node that an arrow leads to; null when it leads nowhere. */
export function stepFrom(scene: Scene, from: SceneNode, arrow: Arrow): SceneNode | null {
  const isHorizontal = arrow === 'ArrowLeft' || arrow === 'ArrowRight';
  const isForward = arrow === 'ArrowRight' || arrow === 'ArrowDown';
  const isAlongFlow = isHorizontal === (scene.orientation === 'LR');
  return isAlongFlow ? relatedIn(scene, from, isForward ? 1 : -1) : besideIn(scene, from, isForward ? 1 : -1);
}

/** The related node of a later or an earlier layer that is nearest. */
function relatedIn(scene: Scene, from: SceneNode, way: 1 | -1): SceneNode | null {
  let nearest: SceneNode | null = null;
  for (const edge of scene.edgesOf[from.index] ?? []) {
    const other = scene.nodes[edge.from === from.index ? edge.to : edge.from];
    if (other === undefined || Math.sign(other.layer - from.layer) !== way) continue;
    if (nearest === null || distance(from, other) < distance(from, nearest)) nearest = other;
  }
  return nearest;
}

/** The node before or after in the order of its layer: across the flow, then along it. */
function besideIn(scene: Scene, from: SceneNode, way: 1 | -1): SceneNode | null {
  const isLeftToRight = scene.orientation === 'LR';
  const layer = scene.nodes
    .filter((node) => node.layer === from.layer)
    .toSorted((a, b) => {
      const [dx, dy] = [a.box.x - b.box.x, a.box.y - b.box.y];
      return isLeftToRight ? dy || dx : dx || dy;
    });
  return layer[layer.indexOf(from) + way] ?? null;
}

function distance(a: SceneNode, b: SceneNode): number {
  return Math.hypot(a.box.x - b.box.x, a.box.y - b.box.y);
}
