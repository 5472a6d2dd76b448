/**
 * The physical limit to compare with: node:http in a process of its own that answers given paths with given bytes and
 * does nothing else. Listens on 127.0.0.1.
 */
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { answerFirstProcess, isSecondProcess, startSecondProcess } from './second-process.ts';

interface FixedAnswer {
  readonly body: string | Uint8Array;
  /** Default: `application/json; charset=utf-8`. */
  readonly contentType?: string;
  /** Sent after content-type and content-length. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers by path with query, exactly as the client writes it. */
export type FixedAnswers = Readonly<Record<string, FixedAnswer>>;

export interface BareServer {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  readonly pid: number;
  /** Stops the server's process and waits until it is gone. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts the server in a second process. Any method gets the answer of its path; other paths get 404. */
export async function startBareServer(answers: FixedAnswers): Promise<BareServer> {
  const second = await startSecondProcess({ file: import.meta.filename, message: { answers }, within: 10 });
  const { answer, pid, close } = second;
  if (typeof answer !== 'object' || answer === null || !('port' in answer)) {
    await close();
    throw new Error('the bare server gave an answer without a port');
  }
  return { url: `http://127.0.0.1:${String(answer.port)}`, pid, close, [Symbol.asyncDispose]: close };
}

/** The server itself, not listening yet. */
function createBareServer(answers: FixedAnswers): Server {
  const prepared = new Map(
    Object.entries(answers).map(([path, answer]) => {
      const body = Buffer.from(answer.body);
      const headers = {
        'content-type': answer.contentType ?? 'application/json; charset=utf-8',
        'content-length': body.length,
        ...answer.headers,
      };
      return [path, { body, headers }] as const;
    }),
  );
  return createServer((request, response) => {
    const answer = prepared.get(request.url ?? '');
    request.resume();
    if (answer === undefined) {
      response.writeHead(404, { 'content-length': 0 }).end();
      return;
    }
    response.writeHead(200, answer.headers).end(answer.body);
  });
}

/** Listens on 127.0.0.1; port 0 takes a free one. Returns the port. */
async function listen(server: Server, port: number): Promise<number> {
  const listening = Promise.withResolvers<void>();
  server.once('error', listening.reject);
  server.listen(port, '127.0.0.1', listening.resolve);
  await listening.promise;
  return portOf(server.address());
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}

function isAnswers(message: unknown): message is { readonly answers: FixedAnswers } {
  return typeof message === 'object' && message !== null && 'answers' in message;
}

async function serveMessage(message: unknown): Promise<object> {
  if (!isAnswers(message)) throw new Error('the message holds no answers');
  return { port: await listen(createBareServer(message.answers), 0) };
}

async function runFromCommandLine(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { port: { type: 'string', default: '0' }, 'content-type': { type: 'string' } },
  });
  const [path, file] = positionals;
  if (path === undefined || file === undefined) {
    throw new Error('usage: bare-server.ts <path> <file with the body> [--port 0] [--content-type type]');
  }
  const contentType = values['content-type'];
  const answer = { body: await readFile(file), ...(contentType === undefined ? {} : { contentType }) };
  const port = await listen(createBareServer({ [path]: answer }), Number(values.port));
  console.log(`listening on http://127.0.0.1:${port}${path}`);
}

if (import.meta.main) {
  if (isSecondProcess()) answerFirstProcess(serveMessage);
  else await runFromCommandLine();
}
