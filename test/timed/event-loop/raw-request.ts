import { connect } from 'node:net';

export interface RawRequest {
  readonly method: string;
  /** Including its query. */
  readonly path: string;
  /** Complete lines. */
  readonly headers?: readonly string[];
  readonly body?: string | Uint8Array;
}

let hosts = 0;
/** Unique address: limits per address see a new client each time. */
export const freshAddress = () => `198.${18 + ((++hosts >> 16) & 1)}.${(hosts >> 8) & 255}.${hosts & 255}`;

export function bytesOf({ method, path, headers = [], body }: RawRequest): Buffer {
  const own = headers.map((line) => line.toLowerCase());
  const lines = [
    `${method} ${path} HTTP/1.1`,
    'Host: x',
    ...(own.some((line) => line.startsWith('x-forwarded-for')) ? [] : [`X-Forwarded-For: ${freshAddress()}`]),
    ...headers,
    ...(body === undefined ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]),
  ];
  return Buffer.concat([
    Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'),
    typeof body === 'string' ? Buffer.from(body) : (body ?? Buffer.alloc(0)),
  ]);
}

/** Sends bytes on a new connection. @returns the first response's status, 0 if the connection ends without one */
export function sendBytes(url: string, bytes: Uint8Array, patienceMs = 20_000): Promise<number> {
  return new Promise((resolve) => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    let status = 0;
    const done = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(status);
    };
    const timer = setTimeout(done, patienceMs);
    socket.on('data', (data: Buffer) => {
      if (status === 0) status = Number(data.toString('latin1', 9, 12));
      // The first bytes of a response have arrived: its cost has been incurred.
      setImmediate(done);
    });
    socket.on('error', () => {});
    socket.on('close', done);
    socket.write(bytes);
  });
}
