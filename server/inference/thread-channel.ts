import type { Socket } from 'node:net';
import { AnswerReader, jobHead } from '../../models/frame-wire.ts';
import type { ThreadAnswer } from '../../models/jobs.ts';
import { WireViolation } from '../../models/wire-violation.ts';
import type { Outcome, Picture } from './scheduler.ts';

interface Job {
  readonly id: number;
  readonly hasFaceHint: boolean;
  readonly eyes: boolean;
  readonly resolve: (outcome: Outcome) => void;
}

/** The main process's end of one inference thread: frames go in and are answered in their order. */
export class ThreadChannel {
  readonly #socket: Socket;
  readonly #answers = new AnswerReader();
  readonly #onAnswer: (answer: ThreadAnswer) => void;
  #jobs: Job[] = [];
  #nextId = 1;
  /** Start of the frame in progress, ms of `performance.now`. */
  #since = 0;

  /** @param onAnswer called with each answer before its job is settled */
  constructor(socket: Socket, onAnswer: (answer: ThreadAnswer) => void) {
    this.#socket = socket;
    this.#onAnswer = onAnswer;
  }

  /** Bytes from the thread. @throws WireViolation for anything but the answer to its oldest frame */
  read(chunk: Buffer): void {
    this.#mustBeAsked(chunk.length === 0);
    for (const answer of this.#answers.push(chunk)) this.#answered(answer);
    this.#mustBeAsked(!this.#answers.isInside);
  }

  /** Number of frames with the thread, the one in progress included. */
  get load(): number {
    return this.#jobs.length;
  }

  /** Time spent on the frame in progress, ms. */
  age(now: number): number {
    return this.#jobs.length === 0 ? 0 : now - this.#since;
  }

  /** The bytes must stay as they are until it is answered. */
  analyse({ jpeg, hint, eyes }: Picture, resolve: (outcome: Outcome) => void): void {
    const id = this.#nextId;
    this.#nextId = (id % 0xffff_ffff) + 1;
    if (this.#jobs.length === 0) this.#since = performance.now();
    this.#jobs.push({ id, hasFaceHint: hint !== undefined, eyes, resolve });
    this.#socket.cork();
    this.#socket.write(jobHead(id, jpeg.byteLength, hint, eyes));
    this.#socket.write(jpeg);
    this.#socket.uncork();
  }

  /** The host has ended. @returns the jobs that it had, the one in progress first */
  takeLost(): Job['resolve'][] {
    const lost = this.#jobs.map(({ resolve }) => resolve);
    this.#jobs = [];
    return lost;
  }

  #mustBeAsked(isNothing: boolean): void {
    if (this.#jobs.length === 0 && !isNothing) throw new WireViolation('unasked', 'a thread answered without a frame');
  }

  #answered(answer: ThreadAnswer): void {
    const job = this.#jobs[0];
    if (!job) throw new WireViolation('unasked', 'a thread answered without a frame');
    if (job.id !== answer.job)
      throw new WireViolation('wrong_frame', 'a thread answered for a frame other than its oldest');
    if (answer.type === 'done' && answer.followed && !job.hasFaceHint)
      throw new WireViolation('bad_shape', 'detection was skipped without a face hint');
    if (answer.type === 'done' && !job.eyes && (answer.detection.gaze || answer.detection.open))
      throw new WireViolation('bad_shape', 'eyes were measured that were not to be');
    this.#jobs.shift();
    const now = performance.now();
    const ms = now - this.#since;
    this.#since = now;
    this.#onAnswer(answer);
    job.resolve(answer.type === 'failed' ? { type: 'failed', failure: answer.failure, ms } : answer);
  }
}
