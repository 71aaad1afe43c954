import { CHECK_CLOSE, CHECK_MAX_BYTES, CHECK_MESSAGE_BYTES, CHECK_PATH } from '../../protocol/check-socket.ts';
import { isOwnProblem } from '../../protocol/problem-type.ts';
import type { Measured } from './measured.ts';
import { judgeUplink, type Receipt, uplinkRate } from './uplink.ts';
import { at } from '../shared/base-path.ts';

type SocketResult = Pick<Measured, 'socket' | 'uplink' | 'clockOffsetMs'>;

const TRIES = 3;
const RETRY_MS = 1500;
const OPEN_MS = 8000;
const MEASURE_MS = 4000;
const PROBE_MS = 5000;
/** On the way at once: more than a line of 300 ms needs to be full, little enough for a slow one. */
const WINDOW_BYTES = 32 * 1024;

const nothing = (socket: Measured['socket']): SocketResult => ({ socket, uplink: undefined, clockOffsetMs: undefined });
const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Opens a socket to this server as an exam does, and measures what it carries. Never rejects. */
export async function testSocket(): Promise<SocketResult> {
  if (typeof WebSocket !== 'function') return nothing('unsupported');
  const reasons: Measured['socket'][] = [];
  for (let i = 0; i < TRIES; i++) {
    const result = await visit();
    if (result) return result;
    reasons.push(await whyFailed());
    if (i < TRIES - 1) await wait(RETRY_MS);
  }
  // Only a server that answers and has room proves a block: every time, since load comes and goes.
  return nothing(reasons.find((reason) => reason !== 'blocked') ?? 'blocked');
}

/**
 * A browser does not tell why a socket failed: the same address is asked by HTTP. Where something else answers there in
 * the server's place, a proxy that passes on no sockets for example, it is blocked, unless that is only overloaded.
 */
async function whyFailed(): Promise<'blocked' | 'busy' | 'silent'> {
  try {
    const signal = AbortSignal.timeout(PROBE_MS);
    const response = await fetch(at(CHECK_PATH), { cache: 'no-store', credentials: 'omit', signal });
    const body: unknown = await response.json().catch(() => undefined);
    if (isOwnProblem(body)) return body.code === 'bad_request' ? 'blocked' : 'busy';
    return response.status === 429 || response.status >= 500 ? 'silent' : 'blocked';
  } catch {
    return 'silent';
  }
}

/** The server's messages; undefined for anything else, which comes from something on the way. */
function read(data: unknown): { readonly time?: number; readonly bytes?: number } | undefined {
  try {
    const { time, bytes } = JSON.parse(String(data)) as { time?: unknown; bytes?: unknown };
    if (typeof time === 'number') return { time };
    return typeof bytes === 'number' ? { bytes } : undefined;
  } catch {
    return undefined;
  }
}

/** Undefined where the browser or an extension refuses sockets. */
function openSocket(): WebSocket | undefined {
  try {
    return new WebSocket(new URL(at(CHECK_PATH), location.href).href.replace(/^http/, 'ws'));
  } catch {
    return undefined;
  }
}

/** @returns undefined if the socket did not open */
async function visit(): Promise<SocketResult | undefined> {
  const socket = openSocket();
  if (!socket) return undefined;
  return new Promise((resolve) => {
    const receipts: Receipt[] = [];
    let opened = false;
    let clockOffsetMs: number | undefined;
    let sent = 0;
    let startedAt = 0;
    const end = (isBusy = false) => {
      clearTimeout(timer);
      socket.onclose = null;
      socket.close();
      // A proxy may open it and let nothing through.
      if (!opened || (startedAt === 0 && !isBusy)) return resolve(undefined);
      const rate = isBusy ? undefined : uplinkRate(receipts, startedAt, performance.now());
      resolve({ socket: 'open', clockOffsetMs, uplink: rate === undefined ? undefined : judgeUplink(rate) });
    };
    let timer = setTimeout(end, OPEN_MS);
    const fill = () => {
      const received = receipts.at(-1)?.bytes ?? 0;
      // Zeros: the exam's line compresses nothing.
      while (sent < CHECK_MAX_BYTES && sent - received < WINDOW_BYTES) {
        socket.send(new Uint8Array(CHECK_MESSAGE_BYTES));
        sent += CHECK_MESSAGE_BYTES;
      }
      if (received >= CHECK_MAX_BYTES) end();
    };
    socket.onopen = () => {
      opened = true;
      clearTimeout(timer);
      timer = setTimeout(end, MEASURE_MS);
    };
    socket.onmessage = ({ data }) => {
      const message = read(data);
      if (!message) return;
      const { time, bytes } = message;
      if (time !== undefined) {
        clockOffsetMs = Date.now() - time;
        startedAt = performance.now();
      }
      if (bytes !== undefined) receipts.push({ bytes, at: performance.now() });
      fill();
    };
    socket.onclose = ({ code }) => end(code === CHECK_CLOSE.busy);
  });
}
