/**
 * The part of the WebSocket interface that the client uses. Browsers, Node >= 22 and the package `ws` all have it.
 * `never` as the handlers' parameter lets each of them keep its own event types.
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

/** @throws Error on a runtime without WebSocket, for example Node 20, when none was given */
export function socketConstructor(given: SocketConstructor | undefined): SocketConstructor {
  const found = given ?? (globalThis as { WebSocket?: SocketConstructor }).WebSocket;
  if (!found)
    throw new Error('no WebSocket here: pass one as the option `WebSocket`, for example that of the package ws');
  return found;
}

/** `path` as the ticket names it, on the server's origin, with the socket scheme. */
export function socketUrl(server: string, path: string): string {
  const url = new URL(path, server);
  url.protocol = url.protocol === 'https:' || url.protocol === 'wss:' ? 'wss:' : 'ws:';
  return url.href;
}
