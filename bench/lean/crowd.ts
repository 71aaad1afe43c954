import pLimit from 'p-limit';
import type { SeededStudent } from '../seeded/database.ts';
import type { SeededServer } from '../seeded/server.ts';
import type { Counts } from './student.ts';
import { LeanStudent, type Loop } from './student.ts';

/** Concurrent handshakes: fewer than the backlog of any listening socket. */
const CONNECT_AT_ONCE = 64;
/** Students per address, well below the server's limit. */
const STUDENTS_AN_ADDRESS = 1000;
/**
 * First frames are spread over one interval, as cameras are not in phase; the golden ratio spreads any number evenly.
 */
const GOLDEN = 0.618_034;

/** Student n loops through the pictures of one clip. */
export type Clips = readonly (readonly Uint8Array[])[];

/** Sessions on lean sockets, with shared counters. */
export class LeanCrowd {
  readonly students: LeanStudent[] = [];
  /** Error messages with their counts. */
  readonly failures = new Map<string, number>();
  /** Connection time, from the first handshake to the last welcome, without the tickets; ms. */
  connectMs = 0;
  #closing = false;

  /** Connects more students. @throws Error if one gets no welcome */
  async connect(server: SeededServer, students: readonly SeededStudent[], clips: Clips): Promise<void> {
    const limit = pLimit(CONNECT_AT_ONCE);
    const tickets = await Promise.all(students.map((student) => limit(() => server.ticket(student))));
    const began = performance.now();
    const first = this.students.length;
    const connected = tickets.map((ticket, index) =>
      limit(() => {
        const number = first + index;
        const from = `127.0.0.${2 + Math.floor(number / STUDENTS_AN_ADDRESS)}`;
        return LeanStudent.connect({
          url: server.url,
          ticket,
          from,
          jpegs: clips[number % clips.length]!,
          offset: number * 7,
          failed: (reason) => this.#failed(reason),
        });
      }),
    );
    const settled = await Promise.allSettled(connected);
    this.connectMs += performance.now() - began;
    for (const one of settled) {
      if (one.status === 'fulfilled') this.students.push(one.value);
      else this.#failed(`not connected: ${one.reason instanceof Error ? one.reason.message : String(one.reason)}`);
    }
  }

  /** @param count number of students, from the first; default: all */
  begin(loop: Loop, count?: number): void {
    for (const [index, student] of this.students.slice(0, count).entries()) {
      student.begin(
        loop,
        loop.kind === 'open' ? ((index * GOLDEN) % 1) * (1000 / Math.min(loop.fps, student.statedFps)) : 0,
      );
    }
  }

  rest(): void {
    for (const student of this.students) student.rest();
  }

  recount(): void {
    for (const student of this.students) student.recount();
  }

  get counts(): readonly Counts[] {
    return this.students.map(({ counts }) => counts);
  }

  /** Bytes of all sockets so far. */
  get traffic(): { readonly up: number; readonly down: number } {
    const all = this.students.map(({ traffic }) => traffic);
    const sum = (of: 'up' | 'down') => all.reduce((bytes, one) => bytes + one[of], 0);
    return { up: sum('up'), down: sum('down') };
  }

  /** Lowest rate requested by the server from any of them, frames/s. */
  get lowestStatedFps(): number {
    return Math.min(...this.students.map(({ statedFps }) => statedFps));
  }

  get errors(): string[] {
    return [...this.failures].map(([reason, count]) => `${count} x ${reason}`);
  }

  close(): void {
    this.#closing = true;
    for (const student of this.students) student.close();
  }

  #failed(reason: string): void {
    if (!this.#closing) this.failures.set(reason, (this.failures.get(reason) ?? 0) + 1);
  }
}

export const total = (counts: readonly Counts[], of: 'sent' | 'analysed' | 'lost' | 'heldBack' | 'acked'): number =>
  counts.reduce((sum, count) => sum + count[of], 0);
