import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { escapeXml, fileName, MOST_AREA, MOST_SIDE, pictureScale, toSvg } from './picture.ts';
import { sceneOf } from './scene.fixture.ts';

const measure = (text: string): number => text.length * 6;
const OPTIONS = {
  title: 'Relations of <Booking> & "more"',
  colourOf: (property: string) => (property === '--graph-ground' ? '#fbfbfc' : '#123456'),
  measures: { title: measure, note: measure },
};

describe('toSvg', () => {
  const scene = sceneOf(
    [
      { ref: 'component:root', title: '<script>alert("1")</script> & \u0007co' },
      { ref: 'api:other', title: 'خدمة التسعير' },
      { ref: 'resource:gone', exists: false },
    ],
    ['component:root providesApi api:other', 'component:root dependsOn resource:gone'],
  );
  const svg = toSvg(scene, OPTIONS);

  it('escapes every name, and leaves out what XML cannot have', () => {
    assert.ok(!svg.includes('<script'));
    assert.ok(svg.includes('&lt;script&gt;'));
    assert.ok(svg.includes('<title>Relations of &lt;Booking&gt; &amp; &quot;more&quot;</title>'));
    assert.ok(!svg.includes('\u0007'));
  });

  it('needs nothing else: no style sheet, no variable, no address but that of the format', () => {
    assert.ok(!svg.includes('var(') && !svg.includes('class=') && !svg.includes('href'));
    assert.deepEqual(svg.match(/https?:[^"]+/g), ['http://www.w3.org/2000/svg']);
    assert.match(svg, /font-family="[^"]*Roboto/);
  });

  it('is balanced, and has a card for each entity and a line for each pair', () => {
    const opened = [...svg.matchAll(/<([a-z]+)(?: [^>]*[^>/])?>/g)].map(([, tag]) => tag);
    const closed = [...svg.matchAll(/<\/([a-z]+)>/g)].map(([, tag]) => tag);
    const byName = (a = '', b = ''): number => a.localeCompare(b);
    assert.deepEqual(opened.toSorted(byName), closed.toSorted(byName));
    assert.equal(svg.match(/<g transform/g)?.length, 3);
    assert.equal(svg.match(/marker-end/g)?.length, 2);
    assert.equal(svg.match(/stroke-dasharray/g)?.length, 1);
    assert.equal(svg.match(/direction="rtl"/g)?.length, 1);
  });
});

describe('escapeXml', () => {
  it('keeps letters beyond the basic plane', () => {
    assert.equal(escapeXml('a👩b\uD800c'), 'a👩bc');
  });
});

describe('pictureScale', () => {
  it('is twice the size while that is possible, and what is possible otherwise', () => {
    assert.equal(pictureScale({ width: 1_000, height: 700 }), 2);
    for (const size of [
      { width: 12_000, height: 300 },
      { width: 8_000, height: 6_000 },
      { width: 200, height: 50_000 },
    ]) {
      const scale = pictureScale(size);
      assert.ok(scale < 2 && size.width * scale <= MOST_SIDE + 1 && size.height * scale <= MOST_SIDE + 1);
      assert.ok(size.width * size.height * scale * scale <= MOST_AREA + 1);
    }
  });
});

describe('fileName', () => {
  it('has only what every system can save', () => {
    assert.equal(fileName('Booking service (new)', 'png'), 'relations-booking-service-new.png');
    assert.equal(fileName('../../etc/passwd', 'svg'), 'relations-etc-passwd.svg');
    assert.equal(fileName('***', 'svg'), 'relations-graph.svg');
    assert.ok(fileName('x'.repeat(300), 'svg').length < 120);
  });
});
