import { CLOSE, ProtocolError } from './errors.ts';

/**
 * Binary messages; all numbers are little-endian.
 *
 * Exam client to server: a header of 16 bytes, then the JPEG.
 * - 0 u8 version (1), 1 u8 kind (1), 2 u16 flags (0), 4 u32 frame sequence, 8 f64 capture time, client clock, ms
 *
 * Server to console: the same header with kind 2, then the session id (16 bytes), then the JPEG.
 */
export const FRAME_VERSION = 1;
export const FRAME_KIND = { jpeg: 1, watched: 2 } as const;
export const HEADER_BYTES = 16;
export const WATCHED_HEADER_BYTES = 32;
/** Maximum size of a frame with its header, bytes. */
export const MAX_FRAME_BYTES = 256 * 1024;
/** Pixels. */
export const MIN_SIDE = 64;
export const MAX_SIDE = 1920;

export interface FrameHeader {
  readonly seq: number;
  /** Client clock, milliseconds since 1970. */
  readonly capturedAt: number;
}

export interface Frame extends FrameHeader {
  readonly jpeg: Uint8Array;
}

export interface WatchedFrame extends Frame {
  readonly session: string;
}

function writeHeader(view: DataView, kind: number, header: FrameHeader): void {
  view.setUint8(0, FRAME_VERSION);
  view.setUint8(1, kind);
  view.setUint16(2, 0, true);
  view.setUint32(4, header.seq, true);
  view.setFloat64(8, header.capturedAt, true);
}

export function encodeFrame(header: FrameHeader, jpeg: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(HEADER_BYTES + jpeg.byteLength);
  writeHeader(new DataView(bytes.buffer), FRAME_KIND.jpeg, header);
  bytes.set(jpeg, HEADER_BYTES);
  return bytes;
}

/**
 * Decodes a frame; `jpeg` is a view of the same memory, not a copy.
 * @throws ProtocolError `frame_too_large` (close 4400) or `bad_frame_header` (close 4400)
 */
export function decodeFrame(bytes: Uint8Array): Frame {
  if (bytes.byteLength > MAX_FRAME_BYTES) {
    throw new ProtocolError('frame_too_large', `frame exceeds the maximum of ${MAX_FRAME_BYTES} bytes`, {
      close: CLOSE.badMessage,
    });
  }
  const bad = (message: string) => new ProtocolError('bad_frame_header', message, { close: CLOSE.badMessage });
  if (bytes.byteLength <= HEADER_BYTES) throw bad(`frame must have more than ${HEADER_BYTES} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES);
  if (view.getUint8(0) !== FRAME_VERSION) throw bad(`unsupported frame version ${view.getUint8(0)}`);
  if (view.getUint8(1) !== FRAME_KIND.jpeg) throw bad(`unsupported frame kind ${view.getUint8(1)}`);
  if (view.getUint16(2, true) !== 0) throw bad('frame flags must be 0');
  const capturedAt = view.getFloat64(8, true);
  if (!Number.isFinite(capturedAt)) throw bad('capture time must be finite');
  return { seq: view.getUint32(4, true), capturedAt, jpeg: bytes.subarray(HEADER_BYTES) };
}

export function encodeWatched(session: string, header: FrameHeader, jpeg: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(WATCHED_HEADER_BYTES + jpeg.byteLength);
  writeHeader(new DataView(bytes.buffer), FRAME_KIND.watched, header);
  const hex = session.replaceAll('-', '');
  for (let i = 0; i < 16; i++) bytes[HEADER_BYTES + i] = Number.parseInt(hex.slice(i * 2, i * 2 + 2), 16);
  bytes.set(jpeg, WATCHED_HEADER_BYTES);
  return bytes;
}

export function decodeWatched(bytes: Uint8Array): WatchedFrame {
  if (bytes.byteLength < WATCHED_HEADER_BYTES || bytes[0] !== FRAME_VERSION || bytes[1] !== FRAME_KIND.watched) {
    throw new ProtocolError('bad_frame_header', 'invalid header of a watched frame');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES);
  const hex = [...bytes.subarray(HEADER_BYTES, WATCHED_HEADER_BYTES)]
    .map((b) => b.toString(16).padStart(2, '0'))
    .join('');
  const session = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return {
    session,
    seq: view.getUint32(4, true),
    capturedAt: view.getFloat64(8, true),
    jpeg: bytes.subarray(WATCHED_HEADER_BYTES),
  };
}
