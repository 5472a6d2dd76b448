import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { join } from 'node:path';
import { parseBranding } from './branding.ts';
import { folderOf } from './commands/callboard.fixture.ts';

const PIXEL = 'data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==';
const SVG = '<svg xmlns="http://www.w3.org/2000/svg"/>';
const SVG_URI = `data:image/svg+xml;base64,${Buffer.from(SVG).toString('base64')}`;
const CWD = { cwd: '/nowhere' };

describe('parseBranding', () => {
  it('takes logos, width and colours as Red Hat Developer Hub names them', () => {
    const light = {
      primaryColor: '#0a7ea4',
      headerColor1: 'rgb(10 126 164)',
      headerColor2: 'hsl(195, 89%, 34%)',
      navigationIndicatorColor: 'teal',
    };
    const { branding, diagnostics } = parseBranding(
      {
        fullLogo: { light: PIXEL, dark: 'https://logos.example/dark.svg?v=1' },
        iconLogo: PIXEL,
        fullLogoWidth: 110,
        theme: {
          light: { ...light, palette: { primary: { main: '#fff' } } },
          dark: { primaryColor: 'gold' },
        },
      },
      CWD,
    );
    assert.deepEqual(diagnostics, []);
    assert.deepEqual(branding, {
      fullLogo: { light: PIXEL, dark: 'https://logos.example/dark.svg?v=1' },
      iconLogo: PIXEL,
      fullLogoWidth: '110px',
      theme: { light, dark: { primaryColor: 'gold' } },
    });
  });

  it('has nothing to say when nothing is configured', () => {
    for (const value of [undefined, null, {}, { theme: {} }, { fullLogo: {} }, []]) {
      assert.deepEqual(parseBranding(value, CWD), { branding: {}, diagnostics: [] });
    }
  });

  it('makes a data URI of a file, found from where the portal runs', async () => {
    await using folder = await folderOf({ 'brand/logo.SVG': SVG, 'icon.png': 'x'.repeat(65_536) });
    const { branding, diagnostics } = parseBranding(
      { fullLogo: './brand/logo.SVG', iconLogo: join(folder.path, 'icon.png') },
      { cwd: folder.path },
    );
    assert.deepEqual(diagnostics, []);
    assert.equal(branding.fullLogo, SVG_URI);
    assert.match(JSON.stringify(branding.iconLogo), /^"data:image\/png;base64,eHh4/);
  });

  it('leaves out a logo that cannot be shown, and says why', async () => {
    await using folder = await folderOf({
      'big.png': 'x'.repeat(65_537),
      'empty.png': '',
      'logo.txt': 'x',
      'dir.png/x': 'x',
    });
    const cases: readonly (readonly [string, RegExp])[] = [
      ['big.png', /65537 bytes/],
      ['empty.png', /no file with an image/],
      ['dir.png', /no file with an image/],
      ['none.svg', /cannot be read.*ENOENT/],
      ['logo.txt', /does not end with \.svg, \.png/],
      ['', /does not end with/],
      ['http://logos.example/a.png', /not https/],
      ['javascript:alert(1)', /not https/],
      ['file:///etc/passwd', /not https/],
      ['https://', /no valid URL/],
      ['https://a:b@logos.example/a.png', /credentials/],
      ['data:text/html,<script>', /no data URI of an image/],
      ['data:image/svg+xml;utf8,<svg xmlns="x"/>', /no data URI of an image/],
      ['data:image/png;base64,"onerror="x', /no data URI of an image/],
      [`data:image/png;base64,${'A'.repeat(90_000)}`, /larger than 64 KiB/],
    ];
    for (const [fullLogo, why] of cases) {
      const { branding, diagnostics } = parseBranding(
        { fullLogo: { light: fullLogo, dark: PIXEL } },
        { cwd: folder.path },
      );
      assert.deepEqual(branding, { fullLogo: { dark: PIXEL } });
      const [found] = diagnostics;
      assert.deepEqual(
        [diagnostics.length, found?.severity, found?.code, found?.path],
        [1, 'warning', 'server/logo-unusable', 'app.branding.fullLogo.light'],
      );
      assert.match(found?.summary ?? '', why);
    }
  });

  it('leaves out a width and colours that are none, and keeps the others', () => {
    const { branding, diagnostics } = parseBranding(
      {
        fullLogoWidth: '1px;position:fixed',
        theme: { dark: { primaryColor: 'red;', headerColor1: '#000' }, light: { headerColor2: 'url(x)' } },
      },
      CWD,
    );
    assert.deepEqual(branding, { theme: { dark: { headerColor1: '#000' } } });
    assert.deepEqual(
      diagnostics.map(({ severity, code, path }) => [severity, code, path]),
      [
        ['warning', 'server/logo-width', 'app.branding.fullLogoWidth'],
        ['warning', 'server/colour-unknown', 'app.branding.theme.light.headerColor2'],
        ['warning', 'server/colour-unknown', 'app.branding.theme.dark.primaryColor'],
      ],
    );
  });

  it('takes widths in the units that make sense', () => {
    for (const [written, width] of [
      ['7.5rem', '7.5rem'],
      ['80%', '80%'],
      ['110', '110px'],
      [0.5, '0.5px'],
      [0, undefined],
      [-1, undefined],
      ['10vw', undefined],
      [true, undefined],
    ] as const) {
      assert.equal(parseBranding({ fullLogoWidth: written }, CWD).branding.fullLogoWidth, width);
    }
  });
});
