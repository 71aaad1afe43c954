import type { Detection, ThreadAnswer } from './jobs.ts';

/**
 * What goes over the socket pair between the main process and one inference thread, little-endian. No native code: both ends import it.
 *
 * main -> thread: u32 job, u32 length of the JPEG, u32 length of the trace (0: none), the trace, the JPEG.
 * thread -> main: u32 length, a `ThreadAnswer` as JSON in UTF-8, its print and trace in base64.
 */
export const JOB_HEADER_BYTES = 12;
const LENGTH_BYTES = 4;

export interface JobHeader {
  readonly job: number;
  /** Bytes that follow: of the JPEG, after those of the trace. */
  readonly length: number;
  readonly traceLength: number;
}

/** All that goes before the JPEG. */
export function jobHead(job: number, length: number, trace: Uint8Array | undefined): Buffer {
  const head = Buffer.allocUnsafe(JOB_HEADER_BYTES + (trace?.byteLength ?? 0));
  head.writeUInt32LE(job, 0);
  head.writeUInt32LE(length, 4);
  head.writeUInt32LE(trace?.byteLength ?? 0, 8);
  if (trace) head.set(trace, JOB_HEADER_BYTES);
  return head;
}

export const readJobHeader = (header: Buffer): JobHeader => ({ job: header.readUInt32LE(0), length: header.readUInt32LE(4), traceLength: header.readUInt32LE(8) });

type Done = Extract<ThreadAnswer, { type: 'done' }>;
/** Bytes are text. */
type Written = Omit<Done, 'detection' | 'trace'> & { readonly detection: Omit<Detection, 'print'> & { readonly print: string }; readonly trace?: string };

const toText = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
const toBytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));

function written({ detection, trace, ...rest }: Done): Written {
  return { ...rest, detection: { ...detection, print: toText(detection.print) }, ...(trace && { trace: toText(trace) }) };
}

export function encodeAnswer(answer: ThreadAnswer): Buffer {
  const text = JSON.stringify(answer.type === 'done' ? written(answer) : answer);
  const bytes = Buffer.allocUnsafe(LENGTH_BYTES + Buffer.byteLength(text));
  bytes.writeUInt32LE(bytes.length - LENGTH_BYTES, 0);
  bytes.write(text, LENGTH_BYTES);
  return bytes;
}

function decodeAnswer(text: string): ThreadAnswer {
  const answer = JSON.parse(text) as Exclude<ThreadAnswer, Done> | Written;
  if (answer.type !== 'done') return answer;
  const { detection, trace, ...rest } = answer;
  return { ...rest, detection: { ...detection, print: toBytes(detection.print) }, ...(trace !== undefined && { trace: toBytes(trace) }) };
}

/** Answers out of a stream of bytes, however it is cut. */
export class AnswerReader {
  #rest: Buffer = Buffer.alloc(0);

  /** @returns the answers that are whole by now */
  push(chunk: Buffer): ThreadAnswer[] {
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const answers: ThreadAnswer[] = [];
    while (bytes.length >= LENGTH_BYTES) {
      const end = LENGTH_BYTES + bytes.readUInt32LE(0);
      if (bytes.length < end) break;
      answers.push(decodeAnswer(bytes.toString('utf8', LENGTH_BYTES, end)));
      bytes = bytes.subarray(end);
    }
    this.#rest = bytes;
    return answers;
  }
}
