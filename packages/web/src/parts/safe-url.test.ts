import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { locationUrl, safeUrl } from './safe-url.ts';

describe('safeUrl', () => {
  it('lets web and mail addresses through', () => {
    for (const url of ['https://a.example/x?y#z', 'http://a.example/', 'mailto:team@a.example']) {
      assert.equal(safeUrl(url), url);
    }
  });

  it('refuses everything that could run code or is not absolute', () => {
    const refused = [
      'javascript:alert(1)',
      ' JaVaScRiPt:alert(1)',
      'java\nscript:alert(1)',
      'data:text/html,<script>alert(1)</script>',
      'vbscript:x',
      'file:///etc/passwd',
      'blob:https://a.example/1',
      '//a.example/x',
      '/catalog',
      'a.example',
      '',
    ];
    for (const url of refused) assert.equal(safeUrl(url), null, url);
    assert.equal(safeUrl(null), null);
    assert.equal(safeUrl(undefined), null);
  });
});

describe('locationUrl', () => {
  it('finds the web page of a location', () => {
    assert.equal(locationUrl('url:https://a.example/c.yaml'), 'https://a.example/c.yaml');
    assert.equal(locationUrl('https://a.example/c.yaml'), 'https://a.example/c.yaml');
  });

  it('knows none for a file on the disk', () => {
    assert.equal(locationUrl('file:/srv/c.yaml'), null);
    assert.equal(locationUrl('/srv/c.yaml'), null);
    assert.equal(locationUrl('url:javascript:alert(1)'), null);
    assert.equal(locationUrl(null), null);
  });
});
