/** What of the templates is listed, as it is in the address: `?q=text&show=starred&type=service&tag=java&owner=group:default/x`. */

export const SHOWS = ['all', 'starred', 'mine'] as const;
export type Show = (typeof SHOWS)[number];

export interface ListState {
  readonly text: string;
  readonly show: Show;
  /** Empty: of any, as the two below. */
  readonly type: string;
  readonly tag: string;
  /** A full reference. */
  readonly owner: string;
}

export const NOTHING_CHOSEN: ListState = { text: '', show: 'all', type: '', tag: '', owner: '' };

export function parseListState(params: URLSearchParams): ListState {
  return {
    text: params.get('q') ?? '',
    show: SHOWS.find((show) => show === params.get('show')) ?? 'all',
    type: params.get('type') ?? '',
    tag: params.get('tag') ?? '',
    owner: params.get('owner') ?? '',
  };
}

/** What is at its default is left out. */
export function toListParams({ text, show, type, tag, owner }: ListState): URLSearchParams {
  const params = new URLSearchParams();
  if (text !== '') params.set('q', text);
  if (show !== 'all') params.set('show', show);
  for (const [name, value] of Object.entries({ type, tag, owner })) {
    if (value !== '') params.set(name, value);
  }
  return params;
}

export function isNarrowed(state: ListState): boolean {
  return toListParams(state).size > 0;
}
