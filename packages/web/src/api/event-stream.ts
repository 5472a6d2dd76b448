/**
 * Server-sent events out of the body of an answer, by the rules of the HTML standard (9.2.6). EventSource itself cannot
 * send the session's token.
 */

export interface ServerEvent {
  /** `message` when the stream names none. */
  readonly event: string;
  readonly data: string;
  /** The last one that was sent, by this event or before it; empty when there was none. */
  readonly id: string;
}

const LINE_END = /\r\n|\n|\r/;

/** Ends with the stream; an event that was cut off is dropped. Leaving the loop cancels the stream. */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent, void, void> {
  let fields: Fields = { event: '', data: [], id: '' };
  for await (const line of readLines(body)) {
    if (line !== '') {
      fields = withLine(fields, line);
      continue;
    }
    const { event, data, id } = fields;
    if (data.length > 0) yield { event: event === '' ? 'message' : event, data: data.join('\n'), id };
    fields = { event: '', data: [], id };
  }
}

interface Fields {
  readonly event: string;
  readonly data: readonly string[];
  readonly id: string;
}

function withLine(fields: Fields, line: string): Fields {
  const colon = line.indexOf(':');
  const name = colon === -1 ? line : line.slice(0, colon);
  const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
  switch (name) {
    case 'event':
      return { ...fields, event: value };
    case 'data':
      return { ...fields, data: [...fields.data, value] };
    case 'id':
      return value.includes('\0') ? fields : { ...fields, id: value };
    default:
      // A comment, or a field that is not known.
      return fields;
  }
}

async function* readLines(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void, void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      rest += decoder.decode(value, { stream: true });
      for (;;) {
        const end = LINE_END.exec(rest);
        // The second half of a line end may be on its way.
        if (end === null || (end[0] === '\r' && end.index === rest.length - 1)) break;
        yield rest.slice(0, end.index);
        rest = rest.slice(end.index + end[0].length);
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
