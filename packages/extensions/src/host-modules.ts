/**
 * The modules that the page gives to extensions, so that all of them share one React and one set of contexts. An import of
 * one becomes a module that takes it from `globalThis[Symbol.for('callboard.host')].modules[name]`.
 */

export const HOST_MODULES = [
  'react',
  'react-dom',
  'react-dom/client',
  'react/jsx-runtime',
  'react/jsx-dev-runtime',
  'react-router-dom',
  'react-use',
  '@backstage/catalog-client',
  '@backstage/catalog-model',
  '@backstage/core-components',
  '@backstage/core-plugin-api',
  '@backstage/core-plugin-api/alpha',
  '@backstage/errors',
  '@backstage/frontend-plugin-api',
  '@backstage/plugin-catalog-react',
  '@backstage/plugin-catalog-react/alpha',
  '@backstage/plugin-scaffolder',
  '@backstage/plugin-scaffolder-react',
  '@backstage/plugin-scaffolder-react/alpha',
  '@backstage/ui',
  '@material-ui/core',
  '@rjsf/core',
  '@rjsf/utils',
  'zod',
  'zod/v3',
  'zod/v4',
] as const;

const KNOWN: ReadonlySet<string> = new Set(HOST_MODULES);
/** Below it each path is a module of the page by its own name, as `react-use/esm/useAsync`. */
const OF_PARTS = 'react-use/';
const MATERIAL = '@material-ui/core';
/** Modules of Material UI that are collections of names, all of which the package itself has as well. */
const COLLECTIONS: ReadonlySet<string> = new Set(['styles', 'utils', 'transitions']);
/** What the page brings with it already. */
const STYLES = /^@backstage\/ui\/(?:css|dist)\/[\w./-]+\.css$/;

/** Matches what `hostModule` may know. */
export const HOST_IMPORT =
  /^(?:react|react-dom|react-router-dom|react-use|zod|@backstage|@material-ui|@rjsf)(?:\/|$)/;

export interface HostModule {
  /** The module of the page that it takes from; null when it takes nothing. */
  readonly needs: string | null;
  /** JavaScript; an import of `HOST_PREFIX + needs` gives the exports of the page's module. */
  readonly code: string;
}

/** Begins the name of what `fromPage` is the code of. */
export const FROM_PAGE = 'page:';

/** What an import stands for; null when it is no module of the page. */
export function hostModule(name: string): HostModule | null {
  if (STYLES.test(name)) return { needs: null, code: '' };
  if (KNOWN.has(name) || name.startsWith(OF_PARTS)) return { needs: name, code: wholeModule(name, name) };
  if (name.startsWith(`${MATERIAL}/`)) return materialModule(name);
  return null;
}

/** CommonJS, so that the names need not be known when it is compiled. */
export function fromPage(name: string): string {
  const text = JSON.stringify(name);
  const missing = JSON.stringify(`This page does not give "${name}" to extensions.`);
  return `const host = globalThis[Symbol.for('callboard.host')];
const found = host && host.modules ? host.modules[${text}] : undefined;
if (!found) throw new Error(${missing});
module.exports = found;`;
}

/**
 * A module with names that are known at run time alone, and a default that does not depend on how the importing file is
 * read: what has no default of its own is its own default, as with CommonJS.
 */
function wholeModule(name: string, of: string): string {
  return `${beginning(name, of)}
export default 'default' in found ? found.default : found;`;
}

/**
 * All names of a module of the page. The prototype is taken over as well, as the page tells by it when a name is used that it
 * does not have.
 */
function beginning(name: string, of: string): string {
  const from = JSON.stringify(FROM_PAGE + of);
  return `import * as own from ${JSON.stringify(name)};
export * from ${from};
const found = require(${from});
Object.setPrototypeOf(own, Object.getPrototypeOf(found));`;
}

/** `@material-ui/core/TextField`, also `/esm/TextField`, `/TextField/TextField`, `/styles`, `/colors/blue`. */
function materialModule(name: string): HostModule {
  const path = name.slice(MATERIAL.length + 1).replace(/^esm\//, '');
  const parts = path
    .replace(/\.js$/, '')
    .split('/')
    .filter((part) => part !== 'index');
  const last = parts.at(-1) ?? '';
  if (parts[0] === 'colors') return { needs: MATERIAL, code: coloursModule(parts[1]) };
  if (parts.length === 1 && COLLECTIONS.has(last)) {
    return { needs: MATERIAL, code: wholeModule(name, MATERIAL) };
  }
  const key = JSON.stringify(last);
  const missing = `This page does not give "${name}" to extensions. Import what you need from "${MATERIAL}".`;
  const code = `${beginning(name, MATERIAL)}
if (!(${key} in found)) throw new Error(${JSON.stringify(missing)});
export default found[${key}];`;
  return { needs: MATERIAL, code };
}

function coloursModule(colour: string | undefined): string {
  const from = JSON.stringify(FROM_PAGE + MATERIAL);
  const one = `export default require(${from}).colors[${JSON.stringify(colour)}];`;
  if (colour !== undefined) return one;
  const names =
    'amber blue blueGrey brown common cyan deepOrange deepPurple green grey indigo lightBlue lightGreen lime orange pink purple red teal yellow';
  return `const { colors } = require(${from});
export const { ${names.split(' ').join(', ')} } = colors;
export default colors;`;
}
