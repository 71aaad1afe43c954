/**
 * Part of the WebSocket interface used by the client; implemented by browsers, Node >= 22 and the package `ws`. The
 * handlers' parameter `never` admits the event types of each.
 */
export interface SocketLike {
  binaryType: string;
  readonly bufferedAmount: number;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  send(data: string | Uint8Array<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
}

export type SocketConstructor = new (url: string, protocols: string[]) => SocketLike;

/** @throws Error if none was given and the runtime has none, such as Node 20 */
export function socketConstructor(given: SocketConstructor | undefined): SocketConstructor {
  const found = given ?? (globalThis as { WebSocket?: SocketConstructor }).WebSocket;
  if (!found)
    throw new Error('this runtime has no WebSocket: pass one as option `WebSocket`, such as that of the package ws');
  return found;
}

/** URL of the socket: the path of the ticket on the server's origin, with scheme `ws` or `wss`. */
export function socketUrl(server: string, path: string): string {
  const url = new URL(path, server);
  url.protocol = url.protocol === 'https:' || url.protocol === 'wss:' ? 'wss:' : 'ws:';
  return url.href;
}
