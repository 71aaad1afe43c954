const NOTHING = Buffer.alloc(0);

/**
 * Splits a server's bytes into WebSocket frames (RFC 6455, section 5.2): unmasked, each a whole message, as our server
 * sends them.
 */
export class FrameReader {
  readonly #on: (opcode: number, payload: Buffer) => void;
  #rest: Buffer = NOTHING;

  constructor(on: (opcode: number, payload: Buffer) => void) {
    this.#on = on;
  }

  take(data: Buffer): void {
    let bytes = this.#rest.length === 0 ? data : Buffer.concat([this.#rest, data]);
    for (let end = endOf(bytes); end !== undefined && end.at <= bytes.length; end = endOf(bytes)) {
      const payload = bytes.subarray(end.from, end.at);
      const opcode = bytes[0]! & 0x0f;
      bytes = bytes.subarray(end.at);
      this.#on(opcode, payload);
    }
    // A copy: a slice would retain the whole read buffer.
    this.#rest = bytes.length === 0 ? NOTHING : Buffer.from(bytes);
  }
}

/** Start and end of the first frame's payload; undefined while its header is incomplete. */
function endOf(bytes: Buffer): { readonly from: number; readonly at: number } | undefined {
  if (bytes.length < 2) return undefined;
  const short = bytes[1]! & 0x7f;
  const from = short === 127 ? 10 : short === 126 ? 4 : 2;
  if (bytes.length < from) return undefined;
  const length = short === 127 ? Number(bytes.readBigUInt64BE(2)) : short === 126 ? bytes.readUInt16BE(2) : short;
  return { from, at: from + length };
}
