import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** Web server on this machine with scripted responses; records the requests. */
export class FileServer {
  readonly asked: {
    readonly path: string;
    readonly range: string | undefined;
    readonly ifRange: string | undefined;
  }[] = [];
  answer: Answer;
  url = '';
  readonly #server: Server;

  private constructor(answer: Answer) {
    this.answer = answer;
    this.#server = createServer((request, response) => {
      const { range, 'if-range': ifRange } = request.headers;
      this.asked.push({ path: request.url ?? '', range, ifRange: typeof ifRange === 'string' ? ifRange : undefined });
      this.answer(request, response);
    });
  }

  static async start(answer: Answer): Promise<FileServer> {
    const server = new FileServer(answer);
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    server.url = `http://127.0.0.1:${(server.#server.address() as AddressInfo).port}/`;
    return server;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** Serves the whole file, or the requested range while the ETag still matches. */
export function servesRanges(bytes: Uint8Array, etag = '"one"'): Answer {
  return (request, response) => {
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    response.setHeader('etag', etag);
    if (from === 0 || request.headers['if-range'] !== etag) {
      response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
      return;
    }
    const rest = bytes.subarray(from);
    response
      .writeHead(206, {
        'content-length': rest.length,
        'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}`,
      })
      .end(rest);
  };
}

/** Announces the whole file and cuts the connection after its first `sent` bytes. */
export function cutsAfter(bytes: Uint8Array, sent: number, etag = '"one"'): Answer {
  return (_request, response) => {
    response.writeHead(200, { 'content-length': bytes.length, etag });
    response.write(bytes.subarray(0, sent), () => setTimeout(() => response.destroy(), 20));
  };
}
