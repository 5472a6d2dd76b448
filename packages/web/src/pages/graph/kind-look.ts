/** How each kind looks in the graph: the shape of its icon, and the name of its colour in graph.css. */

export interface KindLook {
  /** The data of an SVG path of 16 × 16, drawn as a stroke. */
  readonly icon: string;
  /** A custom property of graph.css. */
  readonly colour: string;
}

const LOOKS: Readonly<Record<string, KindLook>> = {
  component: {
    icon: 'M8 1.75 13.5 4.75v6.5L8 14.25 2.5 11.25v-6.5ZM2.5 4.75 8 8l5.5-3.25M8 8v6.25',
    colour: '--graph-component',
  },
  api: {
    icon: 'M5.5 2.5c-1.5 0-2 .75-2 2v1.75c0 1-.5 1.75-1.5 1.75 1 0 1.5.75 1.5 1.75v1.75c0 1.25.5 2 2 2M10.5 2.5c1.5 0 2 .75 2 2v1.75c0 1 .5 1.75 1.5 1.75-1 0-1.5.75-1.5 1.75v1.75c0 1.25-.5 2-2 2',
    colour: '--graph-api',
  },
  resource: {
    icon: 'M2.75 4c0-1.2 2.35-2 5.25-2s5.25.8 5.25 2-2.35 2-5.25 2-5.25-.8-5.25-2ZM2.75 4v8c0 1.2 2.35 2 5.25 2s5.25-.8 5.25-2V4M2.75 8c0 1.2 2.35 2 5.25 2s5.25-.8 5.25-2',
    colour: '--graph-resource',
  },
  system: {
    icon: 'M2.5 2.5h4.25v4.25H2.5ZM9.25 2.5h4.25v4.25H9.25ZM2.5 9.25h4.25v4.25H2.5ZM9.25 9.25h4.25v4.25H9.25Z',
    colour: '--graph-system',
  },
  domain: {
    icon: 'M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0ZM2 8h12M8 2c1.75 1.75 2.5 3.75 2.5 6s-.75 4.25-2.5 6c-1.75-1.75-2.5-3.75-2.5-6S6.25 3.75 8 2Z',
    colour: '--graph-domain',
  },
  group: {
    icon: 'M8.5 5.25a2.25 2.25 0 1 1-4.5 0 2.25 2.25 0 0 1 4.5 0ZM1.75 13c0-2.5 1.75-4 4.5-4s4.5 1.5 4.5 4M10.75 3.25a2.25 2.25 0 0 1 0 4M12 9.25c1.5.5 2.25 1.75 2.25 3.75',
    colour: '--graph-group',
  },
  user: {
    icon: 'M10.75 5a2.75 2.75 0 1 1-5.5 0 2.75 2.75 0 0 1 5.5 0ZM2.75 13.75c0-2.75 2-4.5 5.25-4.5s5.25 1.75 5.25 4.5',
    colour: '--graph-user',
  },
  location: {
    icon: 'M8 14.25S3 10 3 6.5a5 5 0 0 1 10 0C13 10 8 14.25 8 14.25ZM9.75 6.5a1.75 1.75 0 1 1-3.5 0 1.75 1.75 0 0 1 3.5 0Z',
    colour: '--graph-other',
  },
  template: {
    icon: 'M4 1.75h5.5L13 5.25v9H4ZM9.25 2v3.5h3.5M6.5 8.5h4M6.5 11.25h4',
    colour: '--graph-template',
  },
};

const OTHER: KindLook = { icon: 'M8 2 14 8 8 14 2 8Z', colour: '--graph-other' };

/** Any case; a kind that nobody knows looks like the others that nobody knows. */
export function lookOf(kind: string): KindLook {
  const key = kind.toLowerCase();
  return Object.hasOwn(LOOKS, key) ? (LOOKS[key] ?? OTHER) : OTHER;
}
