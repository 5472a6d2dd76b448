/** One keep-alive connection of the load generator, with one request in flight, until there is nothing more to send. */
import { connect, type Socket } from 'node:net';
import { createResponseReader, type ResponseSeen } from './response-reader.ts';

export interface ConnectionOptions {
  readonly host: string;
  readonly port: number;
  readonly method: string;
  /** The next request, head and body; null when the connection is to be closed. */
  readonly nextRequest: () => Buffer | null;
  /** A complete answer, and the milliseconds since its request was sent. */
  readonly onAnswer: (seen: ResponseSeen, milliseconds: number) => void;
  /** Called once, last; with what went wrong, or null when nothing did. */
  readonly onClose: (failure: string | null) => void;
}

/** Connects and keeps sending. Destroy the socket with an error to give the connection up. */
export function openConnection(options: ConnectionOptions): Socket {
  const socket = connect({ host: options.host, port: options.port, noDelay: true });
  const reader = createResponseReader({ method: options.method });
  let sentAt = 0;
  let waiting = false;
  let failure: string | null = null;

  function send(): void {
    const request = options.nextRequest();
    if (request === null) {
      socket.destroy();
      return;
    }
    waiting = true;
    sentAt = performance.now();
    socket.write(request);
  }

  function take(seen: ResponseSeen | null): void {
    if (seen === null) return;
    waiting = false;
    options.onAnswer(seen, performance.now() - sentAt);
    if (seen.keepAlive) send();
    else socket.destroy();
  }

  socket.on('connect', send);
  socket.on('data', (bytes) => {
    try {
      take(reader.push(bytes));
    } catch (error) {
      socket.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  });
  socket.on('end', () => take(reader.end()));
  socket.on('error', (error) => {
    failure = error.message;
  });
  socket.on('close', () => {
    if (waiting) failure ??= 'connection closed before the answer was complete';
    options.onClose(failure);
  });
  return socket;
}
