import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import type { ExamDown } from '../../protocol/down.ts';
import type { ExamMessage, Signal } from '../../protocol/exam.ts';
import { decodeFrame, type Frame } from '../../protocol/frame.ts';
import { PROTOCOL, TICKET_PREFIX } from '../../protocol/version.ts';
import type { LinkOptions } from '../sdk/link-options.ts';

const RISK = { score: 0, rolling: 0, level: 'Low' } as const;

/** A signal stream as the server stores it. */
export interface StoredStream {
  readonly signals: Signal[];
  committed: number;
}

/**
 * Scripted exam endpoint that checks the rules for clients: gaps (S2), resending without a reconnect (S4), a reused
 * number with another body (S5), the window (S6). Tests set `on*` and other fields to make it misbehave.
 */
export class ScriptedServer {
  readonly streams = new Map<string, StoredStream>();
  readonly received: ExamMessage[] = [];
  readonly frames: (Frame & { at: number })[] = [];
  readonly tickets: string[] = [];
  /** Protocol violations of the client. */
  readonly faults: string[] = [];
  readonly connections: { socket: WebSocket; connectedAt: number }[] = [];
  /** Commit and acknowledge at once, or wait for `commit()`. */
  autoCommit = true;
  fps = 1000;
  /** Answer every frame by `received`; it is announced in any case. */
  receipts = true;
  paused = false;
  /** Of `welcome`; undefined as an older server. */
  stateEveryMs: number | undefined;
  /** Called before the `welcome`; returns true if it has handled the `hello`. */
  onHello: (socket: WebSocket, message: Extract<ExamMessage, { type: 'hello' }>) => boolean = () => false;
  onSignal: (socket: WebSocket, signal: Signal) => boolean = () => false;
  onFinish: (socket: WebSocket) => void = (socket) => {
    send(socket, { type: 'ended', reason: 'finished', risk: RISK });
    socket.close(4410);
  };
  #server: WebSocketServer;

  private constructor(server: WebSocketServer) {
    this.#server = server;
    server.on('connection', (socket, request) => {
      const offered = request.headers['sec-websocket-protocol'] ?? '';
      this.tickets.push(offered.split(TICKET_PREFIX)[1] ?? '');
      this.connections.push({ socket, connectedAt: performance.now() });
      this.#serve(socket);
    });
  }

  static async start(): Promise<ScriptedServer> {
    const server = new WebSocketServer({
      host: '127.0.0.1',
      port: 0,
      path: '/ws/exam',
      handleProtocols: () => PROTOCOL,
    });
    await once(server, 'listening');
    return new ScriptedServer(server);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The newest connection. */
  get socket(): WebSocket {
    const last = this.connections.at(-1);
    if (!last) throw new Error('nobody connected');
    return last.socket;
  }

  /** Client options for this server, with short reconnect delays. */
  options(more: Partial<LinkOptions> = {}): LinkOptions {
    let tickets = 0;
    return {
      server: `http://127.0.0.1:${this.port}`,
      getTicket: () => Promise.resolve({ ticket: `t${++tickets}`, url: '/ws/exam' }),
      WebSocket,
      backoff: { minMs: 5, maxMs: 20 },
      ...more,
    };
  }

  send(message: ExamDown): void {
    send(this.socket, message);
  }

  /** Commits and acknowledges the newest stream, up to `seq` if given. */
  commit(seq?: number): void {
    const stream = [...this.streams.values()].at(-1);
    if (!stream) return;
    stream.committed = seq ?? stream.signals.length;
    this.send({ type: 'ack', seq: stream.committed });
  }

  async stop(): Promise<void> {
    for (const { socket } of this.connections) socket.terminate();
    await new Promise((done) => this.#server.close(done));
  }

  #serve(socket: WebSocket): void {
    let stream: StoredStream | undefined;
    let next = 0;
    socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) {
        const frame = decodeFrame(Uint8Array.from(data));
        this.frames.push({ ...frame, at: performance.now() });
        if (this.receipts) send(socket, { type: 'received', frame: frame.seq });
        return;
      }
      const message = JSON.parse(String(data)) as ExamMessage;
      this.received.push(message);
      if (message.type === 'finish') return this.onFinish(socket);
      if (message.type === 'hello') {
        if (this.onHello(socket, message)) return;
        const name = message.resume?.stream ?? randomUUID();
        if (!message.resume) this.streams.set(name, { signals: [], committed: 0 });
        stream = this.streams.get(name);
        if (!stream) return refuse(socket, 'unknown_stream');
        next = stream.committed + 1;
        // Uncommitted signals are lost with the old connection, as in a crash.
        stream.signals.length = stream.committed;
        send(socket, this.welcome(name, stream.committed));
      } else if (message.type === 'signal' && stream && !this.onSignal(socket, message)) {
        if (message.seq !== next) this.faults.push(`expected ${next}, got ${message.seq}`);
        next = message.seq + 1;
        stream.signals.push(message);
        if (stream.signals.length - stream.committed > 64) this.faults.push('window exceeded');
        if (this.autoCommit) {
          stream.committed = message.seq;
          send(socket, { type: 'ack', seq: message.seq });
        }
      }
    });
  }

  welcome(stream: string, lastAck: number): ExamDown {
    return {
      type: 'welcome',
      sessionId: '00000000-0000-4000-8000-000000000001',
      stream,
      lastAck,
      throttle: { fps: this.fps, maxWidth: 640, quality: 0.8, reason: 'policy' },
      risk: RISK,
      paused: this.paused,
      deadline: null,
      serverTime: new Date().toISOString(),
      vision: 'on',
      receipts: true,
      ...(this.stateEveryMs !== undefined && { stateEveryMs: this.stateEveryMs }),
      policy: {
        version: 1,
        calibrationSeconds: 10,
        studentView: 'events',
        retentionDays: 180,
        evidenceDays: 180,
        levels: { medium: 5, high: 10 },
      },
    };
  }
}

export function send(socket: WebSocket, message: ExamDown): void {
  if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
}

/** Sends `error` and closes, as for a bad message. */
export function refuse(socket: WebSocket, code: 'unknown_stream' | 'bad_sequence', ref?: number): void {
  send(socket, { type: 'error', code, message: code, retryable: false, ...(ref === undefined ? {} : { ref }) });
  socket.close(4400);
}
