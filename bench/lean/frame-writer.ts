import { FRAME_KIND, FRAME_VERSION, HEADER_BYTES } from '../../protocol/frame.ts';

export const OPCODE = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;
const FINAL = 0x80;
const MASKED = 0x80;
const MASK_BYTES = 4;

/**
 * Encodes a client's frame up to its payload, which follows unchanged: the mask is zero. RFC 6455 requires a random
 * mask because of proxy caches; there are none on this machine, the server unmasks all the same, and the load
 * generator's time is not what is measured.
 * @param payload total length, of which `room` bytes are reserved at the end of the header for its beginning
 */
export function frameHead(opcode: number, payload: number, room = 0): Buffer {
  const lengthBytes = payload < 126 ? 0 : payload < 65_536 ? 2 : 8;
  const head = Buffer.alloc(2 + lengthBytes + MASK_BYTES + room);
  head[0] = FINAL | opcode;
  head[1] = MASKED | (lengthBytes === 0 ? payload : lengthBytes === 2 ? 126 : 127);
  if (lengthBytes === 2) head.writeUInt16BE(payload, 2);
  if (lengthBytes === 8) head.writeBigUInt64BE(BigInt(payload), 2);
  return head;
}

/** Header of a binary message and of the picture in it (protocol/frame.ts); the JPEG follows. */
export function pictureHead(seq: number, capturedAt: number, jpegBytes: number): Buffer {
  const head = frameHead(OPCODE.binary, HEADER_BYTES + jpegBytes, HEADER_BYTES);
  const at = head.length - HEADER_BYTES;
  head[at] = FRAME_VERSION;
  head[at + 1] = FRAME_KIND.jpeg;
  head.writeUInt32LE(seq, at + 4);
  head.writeDoubleLE(capturedAt, at + 8);
  return head;
}

export function textFrame(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  return Buffer.concat([frameHead(OPCODE.text, bytes.length), bytes]);
}

export const pongFrame = (payload: Buffer): Buffer => Buffer.concat([frameHead(OPCODE.pong, payload.length), payload]);
export const closeFrame = (): Buffer => frameHead(OPCODE.close, 0);
