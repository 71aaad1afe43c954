import type { Detection, ThreadAnswer } from './jobs.ts';

/**
 * What goes over the socket pair between the main process and one inference thread, little-endian. No native code: both ends import it.
 *
 * main -> thread: u32 job, u32 length, the JPEG.  thread -> main: u32 length, a `ThreadAnswer` as JSON in UTF-8, its print in base64.
 */
export const JOB_HEADER_BYTES = 8;
const LENGTH_BYTES = 4;

export function jobHeader(job: number, length: number): Buffer {
  const header = Buffer.allocUnsafe(JOB_HEADER_BYTES);
  header.writeUInt32LE(job, 0);
  header.writeUInt32LE(length, 4);
  return header;
}

export const readJobHeader = (header: Buffer): { readonly job: number; readonly length: number } => ({ job: header.readUInt32LE(0), length: header.readUInt32LE(4) });

/** A detection whose print is text. */
type Written = Omit<Detection, 'print'> & { readonly print: string };

export function encodeAnswer(answer: ThreadAnswer): Buffer {
  const text = answer.type === 'done' ? JSON.stringify({ ...answer, detection: { ...answer.detection, print: Buffer.from(answer.detection.print).toString('base64') } }) : JSON.stringify(answer);
  const bytes = Buffer.allocUnsafe(LENGTH_BYTES + Buffer.byteLength(text));
  bytes.writeUInt32LE(bytes.length - LENGTH_BYTES, 0);
  bytes.write(text, LENGTH_BYTES);
  return bytes;
}

function decodeAnswer(text: string): ThreadAnswer {
  const answer = JSON.parse(text) as ThreadAnswer;
  if (answer.type !== 'done') return answer;
  const { print, ...detection } = answer.detection as unknown as Written;
  return { ...answer, detection: { ...detection, print: new Uint8Array(Buffer.from(print, 'base64')) } };
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
