import './header-limit.ts';
import { createRequire } from 'node:module';
import type * as UwsModule from 'uWebSockets.js';
import type { ListenOptions, TemplatedApp, us_listen_socket, WebSocketBehavior } from 'uWebSockets.js';
import { MAX_TEXT_BYTES } from '../../protocol/codec.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import type { Metrics } from '../metrics.ts';
import { Connection, MAX_BACKPRESSURE, type SocketData } from './connection.ts';
import type { SocketHandler } from './socket-handler.ts';
import { FrameSlab } from './frame-slab.ts';
import { Inbox } from './inbox.ts';
import type { Sockets } from './sockets.ts';
import { refuse, upgrade, type UpgradeParts } from './upgrade.ts';

type Uws = typeof UwsModule;

/**
 * One of the binaries that the lock file holds a digest of: they are for Linux on x64, and for no other system. The
 * newer release has none for Node 20, and needs glibc 2.38 (Debian 13, Ubuntu 24.04); the older serves Node 20, and
 * Node 22 where glibc is older.
 */
function loadUws(): Uws {
  const require = createRequire(import.meta.url);
  const major = Number(process.versions.node.split('.')[0]);
  const failures: unknown[] = [];
  for (const name of [
    `@uwsjs/${process.platform}-${process.arch}-${major}`,
    ...(major === 22 ? ['uwsjs-linux-x64-22-older-glibc'] : []),
  ]) {
    try {
      return require(name) as Uws;
    } catch (error) {
      failures.push(error);
    }
  }
  throw new AggregateError(
    failures,
    `uWebSockets.js has no binary for Node ${major} on ${process.platform} ${process.arch}: it takes Node 20, 22, 24 or 26 on Linux x64 with glibc, for Node 24 and 26 glibc 2.38`,
  );
}

const uws = loadUws();

/** `ListenOptions` of uWebSockets.js, which is a type only: LIBUS_LISTEN_DEFAULT and LIBUS_LISTEN_EXCLUSIVE_PORT. */
const [SHARED_PORT, EXCLUSIVE_PORT] = [0 as ListenOptions, 1 as ListenOptions];
/** Above the largest frame, so that one that is a little too large is answered and not just cut off (rule F2). */
const MAX_PAYLOAD = 1024 * 1024;
/** Seconds without a byte, pongs included: half-open connections end. */
const IDLE_SECONDS = 30;

type MakeHandler = (connection: Connection) => SocketHandler;

export interface SocketParts extends UpgradeParts {
  readonly sockets: Sockets;
  readonly metrics: Metrics;
  readonly exam: MakeHandler;
  readonly console: MakeHandler;
}

export interface Listener {
  readonly port: number;
  /** Stops accepting; open sockets stay until they are closed. */
  stop(): void;
  /** Also ends open connections. Both may be called again. */
  close(): void;
}

export const createApp = (): TemplatedApp => uws.App();

function behaviour(kind: 'exam' | 'console', make: MakeHandler, parts: SocketParts): WebSocketBehavior<SocketData> {
  const gauge = parts.metrics.sockets;
  const slab = new FrameSlab();
  return {
    maxPayloadLength: MAX_PAYLOAD,
    maxBackpressure: MAX_BACKPRESSURE,
    idleTimeout: IDLE_SECONDS,
    sendPingsAutomatically: true,
    compression: uws.DISABLED,
    upgrade: (res, req, context) => upgrade(res, req, context, kind, parts),
    open: (ws) => {
      const data = ws.getUserData();
      const connection = new Connection(
        ws,
        parts.security,
        parts.admission.enter(data.identity.address, data.identity.userId),
      );
      data.connection = connection;
      data.handler = make(connection);
      data.inbox = new Inbox(connection, data.handler, parts.edge.messageTurns);
      parts.sockets.add(connection, data.handler);
      gauge.inc({ kind });
    },
    message: (ws, message, isBinary) => {
      const { inbox, connection } = ws.getUserData();
      if (!connection?.spend(isBinary ? 0 : message.byteLength)) return;
      // uWebSockets.js takes the memory back when this function returns: this is the one copy of a frame.
      if (isBinary) inbox?.binary(slab.copy(message));
      else if (message.byteLength > MAX_TEXT_BYTES)
        connection.fail(
          new ProtocolError('bad_message', `message exceeds the maximum of ${MAX_TEXT_BYTES} bytes`, { close: 4400 }),
        );
      else inbox?.text(Buffer.from(message).toString('utf8'));
    },
    // Answered by uWebSockets.js itself.
    ping: (ws) => void ws.getUserData().connection?.spend(0),
    pong: (ws) => void ws.getUserData().connection?.spend(0),
    drain: (ws) => ws.getUserData().handler?.drained(),
    close: (ws) => {
      const { inbox, connection } = ws.getUserData();
      connection?.markClosed();
      gauge.dec({ kind });
      parts.edge.gate.socketClosed();
      inbox?.closed(() => connection && parts.sockets.remove(connection));
    },
  };
}

/** Adds both sockets to the app. */
export function registerSockets(app: TemplatedApp, parts: SocketParts): void {
  parts.metrics.unreadBytes = () => parts.sockets.unreadBytes;
  app.ws<SocketData>('/ws/exam', behaviour('exam', parts.exam, parts));
  app.ws<SocketData>('/ws/console', behaviour('console', parts.console, parts));
  for (const path of ['/ws/exam', '/ws/console']) app.any(path, (res, req) => refuse(res, req, parts));
}

/** The port is taken, or the address is not one of this machine. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
  readonly code = 'cannot_listen';

  constructor(host: string, port: number) {
    super(`cannot listen on ${host}:${port}: the port is taken, or HOST is no address of this machine`);
  }
}

/**
 * @param reusePort whether others may listen on the same port, each with a share of its connections
 * @throws ListenError
 */
export function listen(app: TemplatedApp, host: string, port: number, { reusePort = false } = {}): Promise<Listener> {
  return new Promise((resolve, reject) => {
    // Without the option the kernel would hand each connection to one of all that listen, without a word.
    app.listen(host, port, reusePort ? SHARED_PORT : EXCLUSIVE_PORT, (socket: us_listen_socket | false) => {
      if (!socket) return reject(new ListenError(host, port));
      let listening = true;
      let open = true;
      const stop = () => {
        if (listening) uws.us_listen_socket_close(socket);
        listening = false;
      };
      const close = () => {
        stop();
        if (open) app.close();
        open = false;
      };
      resolve({ port: uws.us_socket_local_port(socket), stop, close });
    });
  });
}
