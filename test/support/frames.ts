import { randomBytes } from 'node:crypto';

/** Opcodes of RFC 6455, section 5.2. */
export const OP = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export interface FrameParts {
  readonly opcode: number;
  readonly payload?: Uint8Array | string;
  /** Last frame of its message; default: true. */
  readonly fin?: boolean;
  /** The three reserved bits, 0..7. */
  readonly reserved?: number;
  /** Default: true. */
  readonly masked?: boolean;
  /** Size of the length field, bytes; default: the smallest that fits. */
  readonly lengthBytes?: 0 | 2 | 8;
  /** Length stated in the header, if not that of the payload. */
  readonly claims?: bigint;
}

/** Encodes one frame, valid or not. */
export function frame({
  opcode,
  payload = '',
  fin = true,
  reserved = 0,
  masked = true,
  lengthBytes,
  claims,
}: FrameParts): Buffer {
  const bytes = Buffer.from(payload as string);
  const length = claims ?? BigInt(bytes.length);
  const width = lengthBytes ?? (length < 126n ? 0 : length < 65_536n ? 2 : 8);
  const head = Buffer.alloc(2 + width);
  head[0] = (fin ? 0x80 : 0) | (reserved << 4) | opcode;
  head[1] = (masked ? 0x80 : 0) | (width === 0 ? Number(length) : width === 2 ? 126 : 127);
  if (width === 2) head.writeUInt16BE(Number(length), 2);
  if (width === 8) head.writeBigUInt64BE(length, 2);
  if (!masked) return Buffer.concat([head, bytes]);
  const mask = randomBytes(4);
  return Buffer.concat([head, mask, bytes.map((byte, index) => byte ^ mask[index % 4]!)]);
}

export const closePayload = (code: number, reason: Uint8Array | string = ''): Buffer => {
  const bytes = Buffer.from(reason as string);
  const payload = Buffer.alloc(2 + bytes.length);
  payload.writeUInt16BE(code);
  bytes.copy(payload, 2);
  return payload;
};

export interface ReceivedFrame {
  readonly opcode: number;
  readonly fin: boolean;
  readonly payload: Buffer;
}

/** First complete frame of a server's output and its size in bytes; undefined if more bytes are needed. */
export function readFrame(bytes: Buffer): { readonly frame: ReceivedFrame; readonly size: number } | undefined {
  if (bytes.length < 2) return undefined;
  const short = bytes[1]! & 0x7f;
  const start = short === 126 ? 4 : short === 127 ? 10 : 2;
  if (bytes.length < start) return undefined;
  const length = short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
  if (bytes.length < start + length) return undefined;
  return {
    frame: { opcode: bytes[0]! & 15, fin: bytes[0]! >= 0x80, payload: bytes.subarray(start, start + length) },
    size: start + length,
  };
}
