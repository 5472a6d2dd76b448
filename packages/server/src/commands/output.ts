/** Standard output and standard error: colour where a terminal shows it, and quiet when the reader went away. */
import { styleText } from 'node:util';

export interface Output {
  /** True when a person watches. */
  readonly isTerminal: boolean;
  /** True when whoever reads has gone, as `head` does; what is written then is dropped. */
  readonly closed: boolean;
  /** Resolves when the text is on its way. Never rejects. */
  write(text: string): Promise<void>;
  /** The text in colour; as it is where none is shown (no terminal, NO_COLOR, TERM=dumb). */
  paint(style: Style, text: string): string;
}

type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan';

/** Standard output or standard error; `isTTY` is absent where no terminal is. */
export type Stream = NodeJS.WritableStream & { readonly isTTY?: boolean };

export function createOutput(stream: Stream): Output {
  let closed = false;
  // Without a listener, a closed pipe would end the process with a stack trace.
  stream.on('error', () => {
    closed = true;
  });
  return {
    isTerminal: stream.isTTY === true,
    get closed() {
      return closed;
    },
    write: (text) =>
      new Promise((resolve) => {
        if (closed || text === '') resolve();
        else stream.write(text, () => resolve());
      }),
    paint: (style, text) => styleText(style, text, { stream }),
  };
}
