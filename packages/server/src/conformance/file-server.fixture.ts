/** A web server on loopback with a few files, for locations of type `url`. */
import { createServer } from 'node:http';

export interface FileServer extends AsyncDisposable {
  /** `127.0.0.1:<port>` */
  readonly host: string;
  /** The URL of a path, there or not. */
  readonly url: (path: string) => string;
  /** What is served, by path; may be changed at any time. */
  readonly files: Map<string, string>;
}

export async function openFileServer(texts: Readonly<Record<string, string>>): Promise<FileServer> {
  const files = new Map(Object.entries(texts));
  const server = createServer((request, response) => {
    const text = files.get(request.url ?? '');
    response.writeHead(text === undefined ? 404 : 200, { 'content-type': 'text/yaml' }).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('The server listens on no port.');
  const host = `127.0.0.1:${address.port}`;
  return {
    host,
    url: (path) => `http://${host}${path}`,
    files,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
