import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';

const SDK = fileURLToPath(new URL('../../dist/web/sdk/', import.meta.url));

/** A site that embeds the SDK in its own exam pages: pages by path, tickets by POST, and a copy of the SDK's files. */
export class EmbeddingSite {
  readonly pages = new Map<string, { readonly html: string; readonly csp?: string }>();
  /** Something on the way that answers requests for tickets in the site's place. */
  portal: ((response: ServerResponse) => void) | undefined;
  /** Answers `POST /ticket/NAME`. */
  ticket: (name: string) => Promise<object> = () => Promise.reject(new Error('no tickets here'));
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<EmbeddingSite> {
    const server = createServer();
    const site = new EmbeddingSite(server);
    server.on('request', (request, response) => {
      const path = (request.url ?? '/').split('?')[0]!;
      const page = site.pages.get(path);
      if (request.method === 'POST' && site.portal) site.portal(response);
      else if (request.method === 'POST') {
        site.ticket(path.split('/').at(-1)!).then(
          (answer) => response.setHeader('content-type', 'application/json').end(JSON.stringify(answer)),
          () => response.writeHead(503).end(),
        );
      } else if (page) {
        if (page.csp) response.setHeader('content-security-policy', page.csp);
        response.setHeader('content-type', 'text/html; charset=utf-8').end(page.html);
      } else if (/^\/sdk\/[\w.-]+\.js$/.test(path)) {
        response.setHeader('content-type', 'text/javascript').end(readFileSync(SDK + path.slice('/sdk/'.length)));
      } else response.writeHead(404).end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return site;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }
}

/** A proxy to a server that can be cut like a cable. */
export async function startCable(
  target: string,
): Promise<{ url: string; cut(): void; mend(): void; close(): Promise<void> }> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let whole = true;
  const server = createTcpServer((near) => {
    if (!whole) return near.destroy();
    const far = connect(Number(port), hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far).pipe(near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const drop = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut: () => {
      whole = false;
      drop();
    },
    mend: () => (whole = true),
    close: () => {
      drop();
      return new Promise((done) => server.close(() => done()));
    },
  };
}
