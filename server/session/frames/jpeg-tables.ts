/** Table ids 0..3 in both kinds (ITU-T T.81, B.2.4). */
const TABLES = 4;
const MAX_SYMBOLS = 256;
const CODE_LENGTHS = 16;
const COEFFICIENTS = 64;

/**
 * Walks the Huffman tables of one DHT segment: their ids, that no more codes of a length are announced than there are,
 * and that the segment is just as long as its tables.
 */
export function areHuffmanTables(bytes: Uint8Array, from: number, end: number): boolean {
  let p = from;
  while (p < end) {
    if (p + 1 + CODE_LENGTHS > end) return false;
    const id = bytes[p]!;
    if (id >> 4 > 1 || (id & 15) >= TABLES) return false;
    let symbols = 0;
    // Codes of this length that shorter ones leave free.
    let free = 1;
    for (let length = 1; length <= CODE_LENGTHS; length++) {
      const count = bytes[p + length]!;
      free = free * 2 - count;
      if (free < 0) return false;
      symbols += count;
    }
    if (symbols > MAX_SYMBOLS) return false;
    p += 1 + CODE_LENGTHS + symbols;
  }
  return p === end && from < end;
}

/** The same for the quantisation tables of one DQT segment: 64 values of 8 or 16 bits each. */
export function areQuantisationTables(bytes: Uint8Array, from: number, end: number): boolean {
  let p = from;
  while (p < end) {
    const id = bytes[p]!;
    if (id >> 4 > 1 || (id & 15) >= TABLES) return false;
    p += 1 + COEFFICIENTS * (1 + (id >> 4));
  }
  return p === end && from < end;
}
