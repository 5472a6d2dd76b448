/** A reader of server-sent events, as browsers read them (WHATWG HTML §9.2.6), for tests. */

export interface SentEvent {
  /** `comment` for a line that begins with a colon. */
  readonly event: string;
  /** Null when it has none. */
  readonly id: string | null;
  /** Parsed; null for a comment. */
  readonly data: unknown;
}

/** Ends when the answer ends; rejects when it was cut off. */
export async function* readEvents(response: Response): AsyncGenerator<SentEvent, void> {
  if (response.body === null) return;
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of response.body) {
    const blocks = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) yield toEvent(block);
  }
  if (rest !== '') throw new Error(`the stream ends inside an event: ${rest}`);
}

function toEvent(block: string): SentEvent {
  if (block.startsWith(':')) return { event: 'comment', id: null, data: null };
  const fields = new Map<string, string>();
  for (const line of block.split('\n')) {
    const [, name = '', value = ''] = /^(\w+): (.*)$/s.exec(line) ?? [];
    if (name === '' || fields.has(name)) throw new Error(`no field: ${line}`);
    fields.set(name, value);
  }
  return {
    event: fields.get('event') ?? 'message',
    id: fields.get('id') ?? null,
    data: JSON.parse(fields.get('data') ?? 'null'),
  };
}
