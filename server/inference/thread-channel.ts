import type { Socket } from 'node:net';
import { AnswerReader, jobHead } from '../../models/frame-wire.ts';
import type { ThreadAnswer } from '../../models/jobs.ts';
import { WireViolation } from '../../models/wire-violation.ts';
import type { Outcome, Picture } from './scheduler.ts';

interface Job {
  readonly id: number;
  readonly hasFaceHint: boolean;
  readonly resolve: (outcome: Outcome) => void;
}

/** The main process's end of one inference thread: frames go in and are answered in their order. */
export class ThreadChannel {
  readonly #socket: Socket;
  readonly #answers = new AnswerReader();
  readonly #onAnswer: (answer: ThreadAnswer) => void;
  #jobs: Job[] = [];
  #nextId = 1;
  /** Since when the thread has had its oldest frame for itself, ms of `performance.now`. */
  #since = 0;

  /** @param onAnswer told of each answer before its job is settled */
  constructor(socket: Socket, onAnswer: (answer: ThreadAnswer) => void) {
    this.#socket = socket;
    this.#onAnswer = onAnswer;
  }

  /** What the thread has written. @throws WireViolation for anything but the answer to its oldest frame */
  read(chunk: Buffer): void {
    this.#mustBeAsked(chunk.length === 0);
    for (const answer of this.#answers.push(chunk)) this.#answered(answer);
    this.#mustBeAsked(!this.#answers.isInside);
  }

  /** Frames that it has, the one that it looks at included. */
  get load(): number {
    return this.#jobs.length;
  }

  /** How long it has looked at one frame, ms. */
  age(now: number): number {
    return this.#jobs.length === 0 ? 0 : now - this.#since;
  }

  /** The bytes must stay as they are until it is answered. */
  analyse({ jpeg, hint }: Picture, resolve: (outcome: Outcome) => void): void {
    const id = this.#nextId;
    this.#nextId = (id % 0xffff_ffff) + 1;
    if (this.#jobs.length === 0) this.#since = performance.now();
    this.#jobs.push({ id, hasFaceHint: hint !== undefined, resolve });
    this.#socket.cork();
    this.#socket.write(jobHead(id, jpeg.byteLength, hint));
    this.#socket.write(jpeg);
    this.#socket.uncork();
  }

  /** The host has ended: what becomes of its frames, the one that it looked at first. */
  takeLost(): Job['resolve'][] {
    const lost = this.#jobs.map(({ resolve }) => resolve);
    this.#jobs = [];
    return lost;
  }

  #mustBeAsked(isNothing: boolean): void {
    if (this.#jobs.length === 0 && !isNothing)
      throw new WireViolation('unasked', 'a thread answers without having a frame');
  }

  #answered(answer: ThreadAnswer): void {
    const job = this.#jobs[0];
    if (!job) throw new WireViolation('unasked', 'a thread answers without having a frame');
    if (job.id !== answer.job)
      throw new WireViolation('wrong_frame', 'a thread answers for a frame that is not its oldest');
    if (answer.type === 'done' && answer.followed && !job.hasFaceHint)
      throw new WireViolation('bad_shape', 'a face was followed that no hint told of');
    this.#jobs.shift();
    const now = performance.now();
    const ms = now - this.#since;
    this.#since = now;
    this.#onAnswer(answer);
    job.resolve(answer.type === 'failed' ? { type: 'failed', failure: answer.failure, ms } : answer);
  }
}
