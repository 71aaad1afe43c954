import { checkAnswer, UNPRINTABLE, type WrittenAnswer } from './answer-guard.ts';
import { MAX_ANSWER_BYTES, MAX_MESSAGE } from './answer-limits.ts';
import type { ThreadAnswer } from './jobs.ts';
import { WireViolation } from './wire-violation.ts';

/**
 * Protocol of the socket pair between the main process and an inference thread, little-endian. No native code: both
 * ends import it.
 *
 * main -> thread: u32 job, u32 length of the JPEG, u32 length of the hint (0: none), u32 whether the eyes are measured (1
 * or 0), the hint, the JPEG. thread -> main: u32 length, 1 to `MAX_ANSWER_BYTES`, a `ThreadAnswer` as JSON in UTF-8, its print and hint in base64.
 */
export const JOB_HEADER_BYTES = 16;
const LENGTH_BYTES = 4;

export interface JobHeader {
  readonly job: number;
  /** Length of the JPEG, which follows the hint. */
  readonly length: number;
  readonly hintLength: number;
  readonly eyes: boolean;
}

/** Header and hint, which precede the JPEG. */
export function jobHead(job: number, length: number, hint: Uint8Array | undefined, eyes: boolean): Buffer {
  const head = Buffer.allocUnsafe(JOB_HEADER_BYTES + (hint?.byteLength ?? 0));
  head.writeUInt32LE(job, 0);
  head.writeUInt32LE(length, 4);
  head.writeUInt32LE(hint?.byteLength ?? 0, 8);
  head.writeUInt32LE(Number(eyes), 12);
  if (hint) head.set(hint, JOB_HEADER_BYTES);
  return head;
}

export const readJobHeader = (header: Buffer): JobHeader => ({
  job: header.readUInt32LE(0),
  length: header.readUInt32LE(4),
  hintLength: header.readUInt32LE(8),
  eyes: header.readUInt32LE(12) === 1,
});

const toText = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
const toBytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));
const ALL_UNPRINTABLE = new RegExp(UNPRINTABLE, 'gu');

function written(answer: ThreadAnswer): WrittenAnswer {
  if (answer.type === 'failed') {
    const { code, message } = answer.failure;
    // From a runtime whose output is untrusted.
    return { ...answer, failure: { code, message: message.slice(0, MAX_MESSAGE).replace(ALL_UNPRINTABLE, ' ') } };
  }
  const { detection, hint, ...rest } = answer;
  return {
    ...rest,
    detection: { ...detection, print: toText(detection.print) },
    ...(hint && { hint: toText(hint) }),
  };
}

/**
 * An answer that the other end would refuse, for example with NaN from a network, becomes a failure of its frame
 * instead of ending the process.
 */
function withinLimits(answer: ThreadAnswer): WrittenAnswer {
  const whole = written(answer);
  try {
    checkAnswer(whole);
    return whole;
  } catch {
    return {
      type: 'failed',
      job: answer.job,
      failure: { code: 'inference_failed', message: 'the models produced invalid numbers' },
    };
  }
}

export function encodeAnswer(answer: ThreadAnswer): Buffer {
  const text = JSON.stringify(withinLimits(answer));
  const bytes = Buffer.allocUnsafe(LENGTH_BYTES + Buffer.byteLength(text));
  bytes.writeUInt32LE(bytes.length - LENGTH_BYTES, 0);
  bytes.write(text, LENGTH_BYTES);
  return bytes;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new WireViolation('not_json', 'an answer is not JSON');
  }
}

function decodeAnswer(text: string): ThreadAnswer {
  const answer = parse(text);
  checkAnswer(answer);
  if (answer.type !== 'done') return answer;
  const { detection, hint, ...rest } = answer;
  return {
    ...rest,
    detection: { ...detection, print: toBytes(detection.print) },
    ...(hint !== undefined && { hint: toBytes(hint) }),
  };
}

/** Splits a byte stream, in chunks of any size, into answers. Buffers at most one answer and copies each byte once. */
export class AnswerReader {
  /** Buffer of an incomplete answer; allocated for the first one that arrives in chunks. */
  #held: Buffer | undefined;
  #length = 0;

  /** True while an answer is incomplete. */
  get isInside(): boolean {
    return this.#length > 0;
  }

  /**
   * @returns the answers completed by this chunk
   * @throws WireViolation for a malformed answer; later data must not be read
   */
  push(chunk: Buffer): ThreadAnswer[] {
    const answers: ThreadAnswer[] = [];
    for (let at = 0; at < chunk.length;) {
      const end = this.#length === 0 ? wholeAt(chunk, at) : undefined;
      if (end !== undefined) {
        answers.push(decodeAnswer(chunk.toString('utf8', at + LENGTH_BYTES, end)));
        at = end;
      } else at = this.#hold(chunk, at, answers);
    }
    return answers;
  }

  #hold(chunk: Buffer, from: number, answers: ThreadAnswer[]): number {
    this.#held ??= Buffer.allocUnsafe(LENGTH_BYTES + MAX_ANSWER_BYTES);
    let at = this.#fill(chunk, from, LENGTH_BYTES);
    if (this.#length < LENGTH_BYTES) return at;
    const end = LENGTH_BYTES + lengthAt(this.#held, 0);
    at = this.#fill(chunk, at, end);
    if (this.#length < end) return at;
    this.#length = 0;
    answers.push(decodeAnswer(this.#held.toString('utf8', LENGTH_BYTES, end)));
    return at;
  }

  /** Buffers data up to this many bytes. */
  #fill(chunk: Buffer, from: number, target: number): number {
    const end = Math.min(chunk.length, from + Math.max(0, target - this.#length));
    this.#length += chunk.copy(this.#held!, this.#length, from, end);
    return end;
  }
}

/** @throws WireViolation `too_long` */
function lengthAt(bytes: Buffer, at: number): number {
  const length = bytes.readUInt32LE(at);
  if (length === 0 || length > MAX_ANSWER_BYTES)
    throw new WireViolation('too_long', `an answer is empty or exceeds ${MAX_ANSWER_BYTES} bytes`);
  return length;
}

/** End of the answer that starts here, if it is complete. */
function wholeAt(chunk: Buffer, at: number): number | undefined {
  if (chunk.length - at < LENGTH_BYTES) return undefined;
  const end = at + LENGTH_BYTES + lengthAt(chunk, at);
  return end <= chunk.length ? end : undefined;
}
