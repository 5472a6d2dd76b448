import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sceneOf } from './scene.fixture.ts';
import { stepFrom, type Arrow } from './steps.ts';

const NODES = [
  { ref: 'system:middle' },
  { ref: 'component:one' },
  { ref: 'component:three' },
  { ref: 'component:two' },
  { ref: 'domain:whole' },
];
const EDGES = [
  'component:one partOf system:middle',
  'component:two partOf system:middle',
  'component:three partOf system:middle',
  'system:middle partOf domain:whole',
];

describe('stepFrom', () => {
  const scene = sceneOf(NODES, EDGES);
  const step = (ref: string, arrow: Arrow): string | null => {
    const node = scene.nodes[scene.indexOf.get(ref.replace(':', ':default/')) ?? -1];
    assert.ok(node !== undefined);
    return stepFrom(scene, node, arrow)?.node.entityRef.name ?? null;
  };

  it('goes along the flow to the nearest related entity', () => {
    assert.equal(step('system:middle', 'ArrowRight'), 'whole');
    assert.equal(step('system:middle', 'ArrowLeft'), 'three');
    assert.equal(step('component:one', 'ArrowRight'), 'middle');
    assert.equal(step('component:one', 'ArrowLeft'), null);
    assert.equal(step('domain:whole', 'ArrowRight'), null);
  });

  it('goes across the flow through the layer', () => {
    assert.equal(step('component:one', 'ArrowDown'), 'three');
    assert.equal(step('component:three', 'ArrowDown'), 'two');
    assert.equal(step('component:two', 'ArrowDown'), null);
    assert.equal(step('component:three', 'ArrowUp'), 'one');
  });

  it('is turned with the drawing', () => {
    const turned = sceneOf(NODES, EDGES, 'TB');
    const middle = turned.nodes.find((node) => node.isRoot);
    assert.ok(middle !== undefined);
    assert.equal(stepFrom(turned, middle, 'ArrowDown')?.node.entityRef.name, 'whole');
    assert.equal(stepFrom(turned, middle, 'ArrowLeft'), null);
  });
});
