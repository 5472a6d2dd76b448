/** A small HTTP server on loopback that answers as the APIs of models do: well, badly, half, or never. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createAnthropicModel } from './anthropic.ts';
import { createBedrockModel } from './bedrock.ts';
import type { Model } from './model.ts';
import { createOpenAiCompatibleModel } from './openai-compatible.ts';

export type Wire = 'openai' | 'anthropic' | 'bedrock';

/** What the server does with one request. */
export type Reply =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'refusal' | 'cut-off' | 'tool' }
  | { readonly kind: 'half' | 'hang' | 'endless' | 'not-json' | 'redirect' }
  | { readonly kind: 'status'; readonly status: number };

export interface Request {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface WireServer extends AsyncDisposable {
  readonly url: string;
  readonly requests: readonly Request[];
  /** A model of the real `ai` wiring that talks to this server. */
  readonly model: Model;
}

export const KEY = 'key-that-stays-secret';

/** Replies are given in turn, the last one again and again. */
export async function openWire(wire: Wire, replies: readonly [Reply, ...Reply[]]): Promise<WireServer> {
  const requests: Request[] = [];
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBody(request);
    const reply = replies[Math.min(requests.length, replies.length - 1)] ?? replies[0];
    requests.push({ path: request.url ?? '', headers: request.headers, body });
    give(response, { wire, reply });
  };
  const server = createServer((request, response) => {
    void take(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    requests,
    url: `http://127.0.0.1:${port}`,
    model: await openModel(wire, `http://127.0.0.1:${port}`),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function openModel(wire: Wire, url: string): Promise<Model> {
  switch (wire) {
    case 'openai':
      return createOpenAiCompatibleModel({
        provider: 'ollama',
        model: 'm',
        url: `${url}/v1`,
        apiKey: KEY,
        fetch,
      });
    case 'anthropic':
      return createAnthropicModel({ model: 'claude-sonnet-4-5', apiKey: KEY, url: `${url}/v1`, fetch });
    case 'bedrock':
      return createBedrockModel({
        model: 'eu.anthropic.claude-sonnet-4-5-20250929-v1:0',
        region: 'eu-central-1',
        credentials: { apiKey: KEY },
        url,
        fetch,
      });
    default:
      throw wire satisfies never;
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

function give(
  response: ServerResponse,
  { wire, reply }: { readonly wire: Wire; readonly reply: Reply },
): void {
  const json = { 'content-type': 'application/json' };
  switch (reply.kind) {
    case 'hang':
      return;
    case 'status':
      response
        .writeHead(reply.status, json)
        .end(JSON.stringify({ error: { message: `no: ${KEY}`, type: 'error' } }));
      return;
    case 'redirect':
      response.writeHead(307, { location: '/elsewhere' }).end();
      return;
    case 'not-json':
      response.writeHead(200, json).end('<html>a proxy says hello</html>');
      return;
    case 'half': {
      const whole = JSON.stringify(bodyOf(wire, { kind: 'text', text: '{"strategy":' }));
      response.writeHead(200, { ...json, 'content-length': whole.length });
      response.write(whole.slice(0, whole.length / 2), () => response.destroy());
      return;
    }
    case 'endless':
      response.writeHead(200, json);
      response.write('{"a":"');
      pour(response);
      return;
    case 'text':
    case 'refusal':
    case 'cut-off':
    case 'tool':
      response.writeHead(200, json).end(JSON.stringify(bodyOf(wire, reply)));
      return;
    default:
      throw reply satisfies never;
  }
}

function pour(response: ServerResponse): void {
  const chunk = 'x'.repeat(64 * 1024);
  const more = (): void => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on('drain', more);
  more();
}

type Said =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'refusal' | 'cut-off' | 'tool' };

function bodyOf(wire: Wire, reply: Said): unknown {
  const text = reply.kind === 'text' ? reply.text : 'I will not do that.';
  switch (wire) {
    case 'openai':
      return openAiBody(reply.kind, text);
    case 'anthropic':
      return anthropicBody(reply.kind, text);
    case 'bedrock':
      return bedrockBody(reply.kind, text);
    default:
      throw wire satisfies never;
  }
}

function openAiBody(kind: Said['kind'], text: string): unknown {
  const reasons = { text: 'stop', refusal: 'stop', 'cut-off': 'length', tool: 'tool_calls' };
  const calls = [{ id: 'c1', type: 'function', function: { name: 'run_shell', arguments: '{"line":"id"}' } }];
  const message = {
    role: 'assistant',
    content: kind === 'refusal' || kind === 'tool' ? null : text,
    ...(kind === 'refusal' && { refusal: text }),
    ...(kind === 'tool' && { tool_calls: calls }),
  };
  return {
    id: 'x',
    object: 'chat.completion',
    created: 1,
    model: 'm',
    choices: [{ index: 0, message, finish_reason: reasons[kind] }],
    usage: { prompt_tokens: 700, completion_tokens: 77, total_tokens: 777 },
  };
}

function anthropicBody(kind: Said['kind'], text: string): unknown {
  const reasons = { text: 'end_turn', refusal: 'refusal', 'cut-off': 'max_tokens', tool: 'tool_use' };
  const block =
    kind === 'tool'
      ? { type: 'tool_use', id: 't1', name: 'run_shell', input: { line: 'id' } }
      : { type: 'text', text };
  return {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude-sonnet-4-5',
    content: [block],
    stop_reason: reasons[kind],
    stop_sequence: null,
    usage: { input_tokens: 700, output_tokens: 77 },
  };
}

function bedrockBody(kind: Said['kind'], text: string): unknown {
  const reasons = {
    text: 'end_turn',
    refusal: 'guardrail_intervened',
    'cut-off': 'max_tokens',
    tool: 'tool_use',
  };
  const block =
    kind === 'tool' ? { toolUse: { toolUseId: 't1', name: 'run_shell', input: { line: 'id' } } } : { text };
  return {
    output: { message: { role: 'assistant', content: [block] } },
    stopReason: reasons[kind],
    usage: { inputTokens: 700, outputTokens: 77, totalTokens: 777 },
    metrics: { latencyMs: 1 },
  };
}
