import { HASH_BYTES } from '../../../protocol/audit/merkle-proof.ts';

/**
 * Reads the fields of an entry as encoded by `encodeEntry` of db/audit/hash.ts. Implemented separately: a verifier must
 * not depend on the server's code.
 */
const DOMAIN = field('invigil/audit/entry/v2');
const MAX_POSITION_DIGITS = 10;

function field(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'utf8');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

export interface EntryFields {
  readonly id: string;
  readonly entityType: string;
  readonly entityId: string;
  readonly position: number;
  readonly eventType: string;
  /** Empty: the server itself acted. */
  readonly actor: string;
  readonly at: string;
  readonly digest: Uint8Array;
  readonly prevHash: Uint8Array;
}

/** Offsets of the fields in the last scanned entry. One object is reused for millions of entries. */
export class EntryScan {
  /** Entity type and id with their lengths, used as the name of the chain. */
  chainFrom = 0;
  chainTo = 0;
  position = 0;
  /** 32 bytes each. */
  digestAt = 0;
  prevHashAt = 0;
  /**
   * Offsets of id, entity type, entity id, position, event type, actor, time, digest and previous hash, after their
   * lengths.
   */
  readonly #starts = [0, 0, 0, 0, 0, 0, 0, 0, 0];
  readonly #ends = [0, 0, 0, 0, 0, 0, 0, 0, 0];

  /** @returns whether the bytes are exactly one entry */
  scan(bytes: Uint8Array, from: number, to: number): boolean {
    let at = from + DOMAIN.length;
    if (at > to) return false;
    for (let i = 0; i < DOMAIN.length; i++) if (bytes[from + i] !== DOMAIN[i]) return false;
    for (let i = 0; i < this.#starts.length; i++) {
      if (at + 4 > to) return false;
      const length = lengthAt(bytes, at);
      this.#starts[i] = at + 4;
      at += 4 + length;
      if (at > to) return false;
      this.#ends[i] = at;
    }
    if (at !== to) return false;
    this.chainFrom = this.#starts[1]! - 4;
    this.chainTo = this.#ends[2]!;
    this.digestAt = this.#starts[7]!;
    this.prevHashAt = this.#starts[8]!;
    this.position = decimalAt(bytes, this.#starts[3]!, this.#ends[3]!);
    return (
      this.position > 0 &&
      this.#ends[7]! - this.digestAt === HASH_BYTES &&
      this.#ends[8]! - this.prevHashAt === HASH_BYTES
    );
  }

  /** Fields of the last scanned bytes. */
  fields(bytes: Uint8Array): EntryFields {
    const part = (i: number) => Buffer.from(bytes.subarray(this.#starts[i], this.#ends[i]));
    const text = (i: number) => part(i).toString('utf8');
    return {
      id: text(0),
      entityType: text(1),
      entityId: text(2),
      position: this.position,
      eventType: text(4),
      actor: text(5),
      at: text(6),
      digest: part(7),
      prevHash: part(8),
    };
  }
}

/** Unsigned, 32 bits, big-endian. */
export const lengthAt = (bytes: Uint8Array, at: number): number =>
  ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;

/** @returns 0 unless it is a positive number in canonical spelling */
function decimalAt(bytes: Uint8Array, from: number, to: number): number {
  if (to === from || to - from > MAX_POSITION_DIGITS || bytes[from] === 0x30) return 0;
  let value = 0;
  for (let at = from; at < to; at++) {
    const digit = bytes[at]! - 0x30;
    if (digit < 0 || digit > 9) return 0;
    value = value * 10 + digit;
  }
  return value;
}

/** @returns undefined if the bytes are not an entry */
export function decodeEntry(bytes: Uint8Array): EntryFields | undefined {
  const scan = new EntryScan();
  return scan.scan(bytes, 0, bytes.length) ? scan.fields(bytes) : undefined;
}
