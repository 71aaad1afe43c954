import { randomBytes } from 'node:crypto';
import pLimit from 'p-limit';
import type { Api } from './api.ts';
import { ApiError } from './api-error.ts';
import type { FrameSource } from './frames.ts';
import { scriptFor } from './scripts.ts';
import { SimulatedStudent } from './student.ts';
import { Tally } from './tally.ts';

/** Maximum concurrent registrations: the server hashes two passwords at a time, and more would only queue. */
const REGISTER_AT_ONCE = 8;
const TRIES = 5;

export interface CrowdOptions {
  readonly server: string;
  readonly students: number;
  readonly frames: FrameSource;
  /** One script for all students; default: the mix in rotation. */
  readonly script?: string | undefined;
  readonly maxFps?: number | undefined;
  /** Part of the addresses `student-<run>-<n>@example.org`. */
  readonly run?: string | undefined;
  /** Custom addresses and names, by number and script. */
  readonly account?: (index: number, script: string) => { readonly email: string; readonly name: string };
  /** Password of all accounts; random by default. */
  readonly password?: string | undefined;
  /** Creates the accounts if self-registration is off. */
  readonly admin?: Api | undefined;
}

export const newRunName = (): string => randomBytes(4).toString('hex');

/** Simulated students and their shared counters. */
export class Crowd {
  readonly tally = new Tally();
  readonly students: readonly SimulatedStudent[];
  /** Frames per second of each student; undefined: the server's stated rate. */
  readonly maxFps: number | undefined;

  constructor({ run = newRunName(), password = randomBytes(18).toString('base64url'), ...options }: CrowdOptions) {
    this.maxFps = options.maxFps;
    const {
      account = (index: number, script: string) => ({
        email: `student-${run}-${index + 1}@example.org`,
        name: `Student ${index + 1} (${script})`,
      }),
    } = options;
    this.students = Array.from({ length: options.students }, (_, index) => {
      const script = scriptFor(index, options.script);
      // The golden ratio spreads any number of students evenly over the round, reproducibly.
      const offset = ((index * 0.618_034) % 1) * script.period;
      const { server, frames, maxFps, admin } = options;
      return new SimulatedStudent({
        server,
        index,
        ...account(index, script.name),
        password,
        script,
        offset,
        frames,
        maxFps,
        admin,
        tally: this.tally,
      });
    });
  }

  /** Creates accounts and sessions; after the signal no further ones. @throws ApiError if one cannot be created */
  async prepare(examId: string, progress: (done: number) => void, signal?: AbortSignal): Promise<void> {
    const limit = pLimit(REGISTER_AT_ONCE);
    let done = 0;
    let failed: { readonly error: unknown } | undefined;
    const prepared = this.students.map((student) =>
      limit(async () => {
        if (signal?.aborted || failed) return;
        try {
          await patiently(() => student.prepare(examId), signal);
          progress(++done);
        } catch (error) {
          failed ??= { error };
        }
      }),
    );
    // Cleanup needs every account: after a failure, requests in flight are still awaited.
    await Promise.all(prepared);
    if (failed) throw failed.error;
  }

  /** Connects all students, evenly over `rampMs`; resolves when all are live or have failed. */
  async connect(rampMs: number, signal: AbortSignal): Promise<void> {
    const began = performance.now();
    const starts: Promise<void>[] = [];
    for (const [index, student] of this.students.entries()) {
      // Students not prepared in a run that ends early.
      if (student.sessionId === '') break;
      await pause(began + (index / this.students.length) * rampMs - performance.now(), signal);
      if (signal.aborted) break;
      starts.push(student.start().catch((error: unknown) => this.tally.error('connect', messageOf(error))));
    }
    // Unlimited backoff suits an exam; a measurement needs an early failure.
    await Promise.race([Promise.all(starts), pause(60_000, signal)]);
  }

  /** All students finish at the same moment, as at the end of an exam. */
  async finish(): Promise<void> {
    const begun = this.students.filter((student) => student.begun && !student.over);
    await Promise.all(
      begun.map((student) => student.finish().catch((error: unknown) => this.tally.error('finish', messageOf(error)))),
    );
  }

  /** Mean of the rates requested by the server, frames/s; null before the first. */
  get statedFps(): number | null {
    const stated = this.students.flatMap(({ statedFps }) => statedFps ?? []);
    return stated.length === 0 ? null : stated.reduce((sum, fps) => sum + fps, 0) / stated.length;
  }

  close(): void {
    for (const student of this.students) student.close();
  }
}

/** Waits for the time or the signal; never rejects. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0 || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}

async function patiently(work: () => Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === TRIES || signal?.aborted || !(error instanceof ApiError) || !error.retryable) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500 * 2 ** attempt * Math.random()));
    }
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
