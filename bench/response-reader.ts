/**
 * Reads HTTP/1.1 responses off a socket, one at a time: status and body length, nothing kept of the body.
 * It exists because a load generator on node:http is slower than the servers it measures. RFC 9112.
 */

export interface ResponseSeen {
  readonly status: number;
  /** Body bytes, without chunk framing. */
  readonly bytes: number;
  /** False when the connection must not be used again. */
  readonly keepAlive: boolean;
}

export interface ResponseReader {
  /**
   * Takes the next bytes of the connection, cut anywhere. Returns the response whose last byte this was, else null.
   * Interim (1xx) responses are passed over. Throws an Error for what is not HTTP/1.1, and for bytes that follow the
   * response: there is one request in flight.
   */
  push(bytes: Buffer): ResponseSeen | null;
  /** The server closed the connection. Returns the response which that completed (RFC 9112, 6.3, case 8), else null. */
  end(): ResponseSeen | null;
}

export interface ReaderOptions {
  /** A HEAD request has an answer without a body, whatever its headers say. Default: GET. */
  readonly method?: string;
}

type Phase = 'head' | 'length' | 'chunk-size' | 'chunk-data' | 'trailers' | 'until-close' | 'done';

const BLANK_LINE = '\r\n\r\n';
const LINE_END = '\r\n';
/** Bytes of a head, or of a chunk-size or trailer line, that may stay unfinished. */
const LINE_LIMIT = 65_536;
const STATUS_LINE = /^HTTP\/1\.1 ([1-5]\d\d)(?: |\r|$)/;
const CONTENT_LENGTH = /\r\ncontent-length:[ \t]*(\d+)[ \t]*(?:\r|$)/i;
const CHUNKED = /\r\ntransfer-encoding:[^\r]*\bchunked[ \t]*(?:\r|$)/i;
const CLOSE = /\r\nconnection:[^\r]*\bclose\b/i;
const CHUNK_SIZE = /^([0-9a-f]{1,12})[ \t]*(?:;|$)/i;

/** A reader for one connection, good for any number of responses. */
export function createResponseReader(options: ReaderOptions = {}): ResponseReader {
  let phase: Phase = 'head';
  let carry: Buffer | null = null;
  let remaining = 0;
  let bytes = 0;
  let status = 0;
  let keepAlive = true;

  function startBody(head: string): void {
    const matched = STATUS_LINE.exec(head);
    if (matched === null) throw new Error(`not an HTTP/1.1 response: ${JSON.stringify(head.slice(0, 60))}`);
    status = Number(matched[1]);
    if (status < 200) return;
    keepAlive = !CLOSE.test(head);
    const length = CONTENT_LENGTH.exec(head);
    if (options.method === 'HEAD' || status === 204 || status === 304) phase = 'done';
    else if (CHUNKED.test(head)) phase = 'chunk-size';
    else if (length === null) phase = 'until-close';
    else startLength(Number(length[1]));
  }

  function startLength(length: number): void {
    bytes = length;
    remaining = length;
    phase = length === 0 ? 'done' : 'length';
  }

  function startChunk(line: string): void {
    const matched = CHUNK_SIZE.exec(line);
    if (matched === null) throw new Error(`not a chunk size: ${JSON.stringify(line.slice(0, 60))}`);
    const size = Number.parseInt(matched[1] ?? '', 16);
    bytes += size;
    remaining = size + LINE_END.length;
    phase = size === 0 ? 'trailers' : 'chunk-data';
  }

  /** Reads one piece from `from`; returns where the next begins, or null when the piece is not complete. */
  function step(input: Buffer, from: number): number | null {
    switch (phase) {
      case 'head': {
        const end = input.indexOf(BLANK_LINE, from, 'latin1');
        if (end === -1) return null;
        startBody(input.toString('latin1', from, end));
        return end + BLANK_LINE.length;
      }
      case 'chunk-size':
      case 'trailers': {
        const end = input.indexOf(LINE_END, from, 'latin1');
        if (end === -1) return null;
        if (phase === 'chunk-size') startChunk(input.toString('latin1', from, end));
        else if (end === from) phase = 'done';
        return end + LINE_END.length;
      }
      case 'length':
      case 'chunk-data': {
        const taken = Math.min(remaining, input.length - from);
        remaining -= taken;
        if (remaining === 0) phase = phase === 'length' ? 'done' : 'chunk-size';
        return from + taken;
      }
      case 'until-close':
        keepAlive = false;
        bytes += input.length - from;
        return input.length;
      case 'done':
        throw new Error(`${input.length - from} bytes after the end of the response`);
      default:
        return phase satisfies never;
    }
  }

  function take(): ResponseSeen {
    const seen = { status, bytes, keepAlive };
    phase = 'head';
    bytes = 0;
    return seen;
  }

  return {
    push(arrived) {
      const input = carry === null ? arrived : Buffer.concat([carry, arrived]);
      carry = null;
      let at = 0;
      while (at < input.length) {
        const next = step(input, at);
        if (next === null) {
          if (input.length - at > LINE_LIMIT) throw new Error(`no line end within ${LINE_LIMIT} bytes`);
          carry = input.subarray(at);
          return null;
        }
        at = next;
      }
      return phase === 'done' ? take() : null;
    },
    end() {
      if (phase !== 'until-close') return null;
      keepAlive = false;
      return take();
    },
  };
}
