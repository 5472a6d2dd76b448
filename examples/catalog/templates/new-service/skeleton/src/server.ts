/** What the service answers. */
import { createServer, type Server } from 'node:http';

export function createService(): Server {
  return createServer((request, response) => {
    if (request.url === '/healthz') {
      response.writeHead(200, { 'content-type': 'text/plain' }).end('ok\n');
      return;
    }
    response.writeHead(404, { 'content-type': 'text/plain' }).end('There is nothing here yet.\n');
  });
}
