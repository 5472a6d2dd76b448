/**
 * How the portal is built: one entry, a chunk per page, `.gz` and `.br` next to every text file, and nothing
 * inline, so that the server can send `script-src 'self'`.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

const COMPRESSED = new Set(['.js', '.css', '.html', '.svg', '.json']);
/** Below this many bytes compression saves nothing on the wire. */
const COMPRESS_FROM = 512;

/**
 * Moves the styles that @backstage/ui injects with JavaScript into the stylesheet of the chunk that uses them:
 * they are minified, applied before the first paint, and need no `<style>` elements.
 * A module that does not look as expected is left alone and injects its styles itself.
 */
function extractComponentStyles(): Plugin {
  const sheets = new Map<string, string>();
  return {
    name: 'callboard:component-styles',
    apply: 'build',
    enforce: 'pre',
    resolveId: (id) => (sheets.has(id) ? { id, moduleSideEffects: true } : undefined),
    load: (id) => sheets.get(id),
    transform(code, id) {
      const component = /@backstage[\\/]ui[\\/].*[\\/](\w+)\.module\.css\.esm\.js$/.exec(id)?.[1];
      const css = /var css_248z = ("(?:[^"\\]|\\.)*");/.exec(code)?.[1];
      const names = /var styles = (\{.*?\});/.exec(code)?.[1];
      if (component === undefined || css === undefined || names === undefined) return undefined;
      const sheet = `/@backstage-ui/${component}.css`;
      sheets.set(sheet, String(JSON.parse(css)));
      return { code: `import '${sheet}';\nexport default ${names};\n`, map: null };
    },
  };
}

const ENGLISH = 'en-US.mjs';

/** React Aria ships its few texts in thirty languages; the portal is in English, so every language is English. */
function onlyEnglish(): Plugin {
  return {
    name: 'callboard:only-english',
    apply: 'build',
    enforce: 'pre',
    transform(_code, id) {
      const file =
        /react-(?:aria|stately)(?:-components)?[\\/].*[\\/]intl[\\/].*?([a-z]{2}-[A-Z]{2}\.mjs)$/.exec(
          id,
        )?.[1];
      if (file === undefined || file === ENGLISH) return undefined;
      return { code: `export { default } from './${ENGLISH}';\n`, map: null };
    },
  };
}

async function compressFile(path: string): Promise<void> {
  const content = await readFile(path);
  if (content.length < COMPRESS_FROM) return;
  const brotliOptions = { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } };
  await writeFile(`${path}.gz`, await promisify(gzip)(content, { level: 9 }));
  await writeFile(`${path}.br`, await promisify(brotliCompress)(content, brotliOptions));
}

/** Writes `name.gz` and `name.br` beside every text file of the build. */
function precompress(): Plugin {
  let folder = '';
  return {
    name: 'callboard:precompress',
    apply: 'build',
    enforce: 'post',
    configResolved(config) {
      folder = resolve(config.root, config.build.outDir);
    },
    async closeBundle(error) {
      if (error !== undefined) return;
      for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
        if (entry.isFile() && COMPRESSED.has(extname(entry.name)))
          await compressFile(join(entry.parentPath, entry.name));
      }
    },
  };
}

const config = defineConfig({
  root: import.meta.dirname,
  plugins: [extractComponentStyles(), onlyEnglish(), precompress()],
  server: { proxy: { '/api': 'http://127.0.0.1:7007' } },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      // Libraries mark client components; a bundle for the browser has nothing else.
      checks: { moduleLevelDirective: false },
      output: {
        codeSplitting: {
          groups: [
            {
              name: 'react',
              test: /node_modules[\\/](react|react-dom|scheduler|react-router|react-router-dom|@remix-run|@tanstack[\\/](query-core|react-query))[\\/]/,
            },
            // All else that the first view imports is one file: each has its headers, and is compressed by itself.
            { name: 'first', tags: ['$initial'] },
          ],
        },
      },
    },
  },
});

export default config;
