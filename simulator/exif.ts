/** Options of a malformed or unusual segment. */
interface Exif {
  readonly little?: boolean;
  readonly type?: number;
  readonly count?: number;
  /** Entries of the directory in front of it. */
  readonly others?: number;
}

/** An APP1 segment whose first directory has the orientation. */
export function exif(value: number, { little = true, type = 3, count = 1, others = 0 }: Exif = {}): Buffer {
  const tiff = Buffer.alloc(8 + 2 + (others + 1) * 12 + 4);
  const u16 = (n: number, at: number) => (little ? tiff.writeUInt16LE(n, at) : tiff.writeUInt16BE(n, at));
  const u32 = (n: number, at: number) => (little ? tiff.writeUInt32LE(n, at) : tiff.writeUInt32BE(n, at));
  tiff.write(little ? 'II' : 'MM', 0, 'latin1');
  u16(42, 2);
  u32(8, 4);
  u16(others + 1, 8);
  for (let i = 0; i < others; i++) u16(0x0100 + i, 10 + i * 12);
  const at = 10 + others * 12;
  u16(0x0112, at);
  u16(type, at + 2);
  u32(count, at + 4);
  u16(value, at + 8);
  const body = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]);
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
}
