import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseAppConfig, type AppConfig } from './app-config.ts';

const ORIGIN = 'http://portal.test';

const parse = (...data: readonly unknown[]): AppConfig =>
  parseAppConfig(JSON.stringify(data.map((one) => ({ context: 'app', data: one }))), ORIGIN);

const NOTHING: AppConfig = {
  title: 'Callboard',
  baseUrl: ORIGIN,
  apiUrl: ORIGIN,
  organization: null,
  fullLogo: null,
  fullLogoWidth: null,
  iconLogo: null,
  support: [],
};

describe('parseAppConfig', () => {
  it('reads what the server wrote', () => {
    const found = parse({
      app: {
        title: 'Harbour',
        baseUrl: 'https://portal.example/',
        branding: { fullLogo: '/logo.svg', fullLogoWidth: '140px', iconLogo: 'data:image/png;base64,AA' },
        support: {
          url: 'https://help.example/',
          items: [{ title: 'Chat', links: [{ title: '#portal', url: 'https://chat.example/portal' }] }],
        },
      },
      organization: { name: 'Harbourline' },
      backend: { baseUrl: 'https://api.example/portal' },
    });
    assert.deepEqual(found, {
      title: 'Harbour',
      baseUrl: 'https://portal.example',
      apiUrl: 'https://api.example/portal',
      organization: 'Harbourline',
      fullLogo: { light: '/logo.svg', dark: '/logo.svg' },
      fullLogoWidth: '140px',
      iconLogo: { light: 'data:image/png;base64,AA', dark: 'data:image/png;base64,AA' },
      support: [
        { title: 'Get support', url: 'https://help.example/' },
        { title: '#portal', url: 'https://chat.example/portal' },
      ],
    });
  });

  it('merges several contexts, the later ones above', () => {
    const found = parse({ app: { title: 'A', branding: { iconLogo: '/a' } } }, { app: { title: 'B' } });
    assert.equal(found.title, 'B');
    assert.equal(found.iconLogo?.light, '/a');
  });

  it('takes a picture for each theme', () => {
    const { fullLogo } = parse({ app: { branding: { fullLogo: { light: '/l.svg', dark: '/d.svg' } } } });
    assert.deepEqual(fullLogo, { light: '/l.svg', dark: '/d.svg' });
    const half = parse({ app: { branding: { iconLogo: { dark: '/d.svg' }, fullLogoWidth: '8rem' } } });
    assert.deepEqual(half.iconLogo, { light: null, dark: '/d.svg' });
    assert.equal(half.fullLogoWidth, '8rem');
  });

  it('has its defaults for anything that makes no sense', () => {
    for (const text of [null, '', '{', '{}', '[null, 7, {"data": []}]', '[{"data":{"app":"x"}}]']) {
      assert.deepEqual(parseAppConfig(text, ORIGIN), NOTHING, String(text));
    }
    const odd = parse({
      app: {
        title: 5,
        baseUrl: 'nowhere',
        branding: {
          fullLogo: 'javascript:alert(1)',
          iconLogo: '//evil.example/x.svg',
          fullLogoWidth: 'wide',
        },
        support: { url: 'javascript:alert(1)', items: [{ links: [{ url: 'data:text/html,x' }] }, 3] },
      },
      organization: 'x',
    });
    assert.deepEqual(odd, NOTHING);
  });
});
