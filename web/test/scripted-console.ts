import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { type WebSocket, WebSocketServer } from 'ws';
import type { ConsoleMessage } from '../../protocol/console.ts';
import type { ConsoleDown, SessionView } from '../../protocol/down.ts';
import { encodeWatched } from '../../protocol/frame.ts';
import { PROTOCOL } from '../../protocol/version.ts';
import { attention, event, session } from './wire-fixtures.ts';

const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};
const EXAM = '01a20128-0000-7000-8000-000000000000';
const STARTED = Date.now();

const idOf = (i: number) => `01a20128-b3ea-7000-8000-${String(i).padStart(12, '0')}`;

/** Serves the built pages and scripts the console socket, with any number of sessions and changes. */
export class ScriptedConsole {
  readonly #http: Server;
  readonly #sockets = new Set<WebSocket>();
  readonly #watched = new Map<string, number>();
  readonly #offsets = new Map<string, number>();
  readonly sessions: SessionView[];
  /** Maximum number of sessions watched at once. */
  mostWatched = 0;
  /** While true, every connection is closed. */
  #away = false;
  #timers: ReturnType<typeof setInterval>[] = [];

  private constructor(http: Server, sessions: number) {
    this.#http = http;
    const deadline = new Date(STARTED + 3_600_000).toISOString();
    this.sessions = Array.from({ length: sessions }, (_, i) =>
      session(idOf(i), {
        examId: EXAM,
        studentName: `Student ${String(i).padStart(3, '0')}`,
        startedAt: new Date(STARTED - 600_000 + i).toISOString(),
        deadline,
        lastFrameAt: new Date(STARTED).toISOString(),
      }),
    );
    const server = new WebSocketServer({ server: http, path: '/ws/console', handleProtocols: () => PROTOCOL });
    server.on('connection', (socket) => this.#serve(socket));
  }

  /** @param pages folder of the built pages */
  static async start(pages: string, sessions: number): Promise<ScriptedConsole> {
    const http = createServer((request, response) => void answer(pages, request, response));
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    return new ScriptedConsole(http, sessions);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  /**
   * Sends `perSecond` events with their risk updates, to the sessions in turn, and one image per second for each
   * watched session.
   */
  feed(perSecond: number, jpeg: Uint8Array): void {
    let turn = 0;
    let seq = 0;
    this.#timers.push(
      setInterval(() => this.report((turn += 7) % this.sessions.length), 1000 / perSecond),
      setInterval(() => {
        seq += 1;
        for (const id of this.#watched.keys()) this.#sendAll(encodeWatched(id, { seq, capturedAt: Date.now() }, jpeg));
      }, 1000),
    );
  }

  /** Opens an incident in a session, or closes the one that is open. */
  report(index: number): void {
    const view = this.sessions.at(index)!;
    const offset = (this.#offsets.get(view.id) ?? 0) + 1;
    this.#offsets.set(view.id, offset);
    const closes = offset % 2 === 0;
    const at = new Date().toISOString();
    const seq = Math.ceil(offset / 2);
    const incident = event(seq, {
      id: `${view.id.slice(0, -4)}${String(seq).padStart(4, '0')}`,
      sessionId: view.id,
      weight: 1,
      startedAt: at,
      ...(closes && { endedAt: at, durationMs: 1000 }),
    });
    const score = view.score + (closes ? 0 : 1);
    const level = score >= 10 ? 'High' : score >= 5 ? 'Medium' : 'Low';
    const now = attention(score >= 10 ? 'high' : score >= 5 ? 'watch' : 'calm');
    this.sessions[index] = {
      ...view,
      score,
      rolling: score,
      level,
      attention: now,
      offset,
      open: closes ? [] : [incident.type],
    };
    this.#send({ type: 'event', offset, event: incident });
    this.#send({ type: 'risk', session: view.id, score, rolling: score, level, attention: now });
  }

  quiet(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers = [];
  }

  /** Closes and refuses all connections, or accepts them again. */
  setAway(away: boolean): void {
    this.#away = away;
    if (away) for (const socket of this.#sockets) socket.terminate();
  }

  async stop(): Promise<void> {
    this.quiet();
    for (const socket of this.#sockets) socket.terminate();
    this.#http.closeAllConnections();
    await new Promise((done) => this.#http.close(done));
  }

  #serve(socket: WebSocket): void {
    if (this.#away) return socket.terminate();
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(String(data)) as ConsoleMessage;
      if (message.type === 'subscribe') this.#send({ type: 'snapshot', sessions: this.sessions });
      if (message.type === 'watch') this.#watched.set(message.session, message.fps);
      if (message.type === 'unwatch') this.#watched.delete(message.session);
      this.mostWatched = Math.max(this.mostWatched, this.#watched.size);
    });
  }

  #send(message: ConsoleDown): void {
    this.#sendAll(JSON.stringify(message));
  }

  #sendAll(data: string | Uint8Array): void {
    for (const socket of this.#sockets) socket.send(data);
  }
}

const ISO = new Date(STARTED).toISOString();
const USER = { id: idOf(0), email: 'pat@example.org', name: 'Pat', role: 'proctor', disabledAt: null, createdAt: ISO };
const ANSWERS: Readonly<Record<string, unknown>> = {
  '/api/auth/login': { accessToken: 'a', refreshToken: 'r', expiresIn: 86_400, user: USER },
  '/api/console/ticket': { ticket: 't', url: '/ws/console', expiresAt: ISO },
  '/api/exams': {
    items: [{ id: EXAM, title: 'Five hundred', status: 'active', policy: { halfLifeSeconds: 300 } }],
    nextCursor: null,
  },
};

async function answer(pages: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  const known = ANSWERS[pathname];
  if (known) return void response.setHeader('content-type', 'application/json').end(JSON.stringify(known));
  try {
    const path = join(pages, pathname === '/console' ? '/console/index.html' : pathname);
    const bytes = await readFile(path);
    response.setHeader('content-type', TYPES[extname(path)] ?? 'application/octet-stream').end(bytes);
  } catch {
    response.writeHead(404, { 'content-type': 'application/json' }).end('{"code":"not_found"}');
  }
}
