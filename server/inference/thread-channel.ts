import type { Socket } from 'node:net';
import { AnswerReader, jobHead } from '../../models/frame-wire.ts';
import type { ThreadAnswer } from '../../models/jobs.ts';
import type { Outcome, Picture } from './scheduler.ts';

interface Job {
  readonly id: number;
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
    socket.on('data', (chunk: Buffer) => {
      for (const answer of this.#answers.push(chunk)) this.#answered(answer);
    });
    // A channel that breaks ends with the host, whose exit settles the frames.
    socket.on('error', () => {});
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
  look({ jpeg, trace }: Picture, resolve: (outcome: Outcome) => void): void {
    const id = this.#nextId;
    this.#nextId = (id % 0xffff_ffff) + 1;
    if (this.#jobs.length === 0) this.#since = performance.now();
    this.#jobs.push({ id, resolve });
    this.#socket.cork();
    this.#socket.write(jobHead(id, jpeg.byteLength, trace));
    this.#socket.write(jpeg);
    this.#socket.uncork();
  }

  /** The host has ended: what becomes of its frames, the one that it looked at first. */
  takeLost(): Job['resolve'][] {
    const lost = this.#jobs.map(({ resolve }) => resolve);
    this.#jobs = [];
    this.#socket.destroy();
    return lost;
  }

  #answered(answer: ThreadAnswer): void {
    const job = this.#jobs[0];
    // Not after it has ended; and an answer to another frame than the oldest would be nonsense.
    if (job?.id !== answer.job) return;
    this.#jobs.shift();
    this.#since = performance.now();
    this.#onAnswer(answer);
    if (answer.type === 'failed') return job.resolve({ kind: 'failed', failure: answer.failure });
    const { detection, followed, trace } = answer;
    job.resolve({ kind: 'done', detection, followed, trace });
  }
}
