/** The door by which the view of an image still reaches what `image/` has of its own. */
export { budgetOf, EMPTY_TREE, type LayerTree } from '../image/check-layer.ts';
export { parentOf } from '../image/layer-entry.ts';
