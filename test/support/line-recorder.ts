import type { Page } from 'playwright-core';

/** A frame as it went over the page's socket. Times are ms since 1970. */
export interface SentFrame {
  readonly seq: number;
  readonly bytes: number;
  /** Pixels, from the JPEG header. */
  readonly width: number;
  readonly sentAt: number;
  readonly capturedAt: number;
  readonly answeredAt?: number;
  readonly analysedAt?: number;
  /** Frames sent and not answered, this one included, when it was sent; and their bytes. */
  readonly unanswered: number;
  readonly unansweredBytes: number;
}

export interface SentSignal {
  readonly seq: number;
  readonly sentAt: number;
  readonly ackedAt?: number;
}

export interface Recording {
  readonly sockets: number;
  readonly frames: readonly SentFrame[];
  readonly signals: readonly SentSignal[];
  readonly now: number;
}

/** Runs in the page before its scripts: records what passes the exam socket, whatever the page does with it. */
function record(): void {
  const line = { sockets: 0, frames: [] as SentFrame[], signals: [] as SentSignal[], now: 0 };
  Object.assign(globalThis, { recordedLine: line });
  type Open<T> = { -readonly [K in keyof T]: T[K] };
  const widthOf = (view: DataView): number => {
    for (let at = 18; at + 9 < view.byteLength; at += 2 + view.getUint16(at + 2)) {
      const marker = view.getUint8(at + 1);
      if (marker >= 0xc0 && marker <= 0xc2) return view.getUint16(at + 7);
    }
    return 0;
  };
  const Real = WebSocket;
  const Recorded = class extends Real {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      if (!String(url).includes('/ws/exam')) return;
      line.sockets++;
      let open: Open<SentFrame>[] = [];
      const byNumber = new Map<number, Open<SentFrame>>();
      this.addEventListener('message', ({ data }) => {
        if (typeof data !== 'string') return;
        const message = JSON.parse(data) as { type: string; seq: number; frame: number };
        const now = Date.now();
        if (message.type === 'ack')
          for (const signal of line.signals as Open<SentSignal>[])
            if (signal.seq <= message.seq) signal.ackedAt ??= now;
        if (message.type !== 'received' && message.type !== 'analysis') return;
        for (const frame of open) if (frame.seq <= message.frame) frame.answeredAt ??= now;
        const exact = byNumber.get(message.frame);
        if (exact && message.type === 'analysis') exact.analysedAt = now;
        open = open.filter(({ answeredAt }) => answeredAt === undefined);
      });
      const send = this.send.bind(this);
      this.send = (data) => {
        const now = Date.now();
        if (typeof data === 'string') {
          const message = JSON.parse(data) as { type: string; seq: number };
          if (message.type === 'signal') line.signals.push({ seq: message.seq, sentAt: now });
        } else if (data instanceof Uint8Array) {
          const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
          const frame: Open<SentFrame> = {
            seq: view.getUint32(4, true),
            bytes: data.byteLength,
            width: widthOf(view),
            sentAt: now,
            capturedAt: view.getFloat64(8, true),
            unanswered: open.length + 1,
            unansweredBytes: open.reduce((sum, { bytes }) => sum + bytes, data.byteLength),
          };
          line.frames.push(frame);
          open.push(frame);
          byNumber.set(frame.seq, frame);
        }
        send(data);
      };
    }
  };
  Object.assign(globalThis, { WebSocket: Recorded });
}

/** Before the page is opened. */
export const recordLine = (page: Page): Promise<unknown> => page.addInitScript(record);

export const recording = (page: Page): Promise<Recording> =>
  page.evaluate<Recording>('({ ...recordedLine, now: Date.now() })');

/** Value below which a share of `values` lies; NaN without values. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
