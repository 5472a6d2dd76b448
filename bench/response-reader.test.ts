import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { createResponseReader, type ResponseReader, type ResponseSeen } from './response-reader.ts';

function pushText(reader: ResponseReader, text: string): ResponseSeen | null {
  return reader.push(Buffer.from(text, 'latin1'));
}

/** The text with the given cuts, as a socket may hand it over. */
function pieces(text: string, cuts: readonly number[]): string[] {
  const places = [...new Set(cuts.map((cut) => cut % text.length))].toSorted((a, b) => a - b);
  return [...places, text.length]
    .map((end, n) => text.slice(places[n - 1] ?? 0, end))
    .filter((part) => part !== '');
}

function chunked(parts: readonly string[]): string {
  const framed = parts.map((part) => `${part.length.toString(16)};note=1\r\n${part}\r\n`).join('');
  return `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${framed}0\r\nx-trailer: 1\r\n\r\n`;
}

function sized(body: string): string {
  return `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

const bodyPart = fc.string({ unit: fc.constantFrom('a', '\r', '\n', '0', ':'), minLength: 1, maxLength: 40 });
const cuts = fc.array(fc.nat(), { maxLength: 12 });

describe('createResponseReader', () => {
  it('reads sized and chunked responses the same however the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.boolean(), fc.array(bodyPart, { maxLength: 4 }), cuts)),
        (responses) => {
          const reader = createResponseReader();
          for (const [inChunks, parts, places] of responses) {
            const body = parts.join('');
            const seen = pieces(inChunks ? chunked(parts) : sized(body), places).map((piece) =>
              pushText(reader, piece),
            );
            assert.deepEqual(seen.at(-1), { status: 200, bytes: body.length, keepAlive: true });
            assert.ok(seen.slice(0, -1).every((early) => early === null));
          }
        },
      ),
    );
  });

  it('passes over interim responses', () => {
    const reader = createResponseReader();
    const text = `HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n${sized('abc')}`;
    assert.deepEqual(pushText(reader, text), { status: 200, bytes: 3, keepAlive: true });
  });

  it('expects no body after HEAD, 204 and 304', () => {
    const head = createResponseReader({ method: 'HEAD' });
    assert.equal(pushText(head, 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n')?.bytes, 0);
    const reader = createResponseReader();
    assert.equal(pushText(reader, 'HTTP/1.1 204 No Content\r\n\r\n')?.status, 204);
    assert.equal(pushText(reader, 'HTTP/1.1 304 Not Modified\r\ncontent-length: 9\r\n\r\n')?.status, 304);
  });

  it('says when the connection must not be used again', () => {
    const reader = createResponseReader();
    const seen = pushText(reader, 'HTTP/1.1 200 OK\r\nConnection: close\r\ncontent-length: 1\r\n\r\nx');
    assert.equal(seen?.keepAlive, false);
  });

  it('ends a response of unknown length when the server closes', () => {
    const reader = createResponseReader();
    assert.equal(pushText(reader, 'HTTP/1.1 200 OK\r\n\r\nabc'), null);
    assert.deepEqual(reader.end(), { status: 200, bytes: 3, keepAlive: false });
  });

  it('returns null when the server closes in the middle of a response', () => {
    const reader = createResponseReader();
    pushText(reader, 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nabc');
    assert.equal(reader.end(), null);
  });

  it('refuses what is not HTTP/1.1, a bad chunk size, a line without end, and bytes after the response', () => {
    const refusals: readonly (readonly [string, RegExp])[] = [
      ['SSH-2.0-x\r\n\r\n', /not an HTTP\/1\.1 response/],
      ['HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n', /not a chunk size/],
      ['x'.repeat(70_000), /no line end/],
      [`${sized('abc')}HTTP`, /4 bytes after the end/],
    ];
    for (const [text, message] of refusals) {
      assert.throws(() => pushText(createResponseReader(), text), message);
    }
  });
});
