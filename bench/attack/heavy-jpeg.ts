/** A marker segment with its length field. */
const segment = (marker: number, ...content: number[]): number[] => [
  0xff,
  marker,
  (content.length + 2) >> 8,
  (content.length + 2) & 0xff,
  ...content,
];

/** Huffman table with one code, the bit 0, for one symbol. */
const huffman = (id: number, symbol: number): number[] => segment(0xc4, id, 1, ...Array<number>(15).fill(0), symbol);

/** Symbol for the end of a run of 16,384 blocks. */
const END_OF_RUN = 0xe0;
const RUN_BLOCKS = 16_384;
const RUN_BITS = 15;
const COMPONENTS = [1, 2, 3];

/**
 * Progressive JPEG of one grey, of some hundred bytes per scan, in which every scan walks all coefficients of one
 * component again.
 * @param side pixels @param scans 1..43
 */
export function heavyJpeg(side: number, scans: number): Uint8Array {
  const blocks = Math.ceil(side / 8) ** 2;
  const scan = (of: readonly number[], band: readonly [number, number], shift: number, bits: number): number[] => [
    ...segment(0xda, of.length, ...of.flatMap((id) => [id, 0]), ...band, shift),
    ...Array<number>(Math.ceil(bits / 8)).fill(0),
  ];
  const refining = Array.from({ length: scans - 1 }, (_, n) => {
    const now = 13 - Math.floor(n / COMPONENTS.length);
    return scan(
      [COMPONENTS[n % COMPONENTS.length]!],
      [1, 63],
      ((now === 13 ? 0 : now + 1) << 4) | now,
      Math.ceil(blocks / RUN_BLOCKS) * RUN_BITS,
    );
  });
  return Uint8Array.from([
    0xff,
    0xd8,
    ...segment(0xe0, 0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0),
    ...segment(0xdb, ...Array<number>(65).fill(1).with(0, 0)),
    ...huffman(0x00, 0),
    ...segment(
      0xc2,
      8,
      side >> 8,
      side & 0xff,
      side >> 8,
      side & 0xff,
      COMPONENTS.length,
      ...COMPONENTS.flatMap((id) => [id, 0x11, 0]),
    ),
    ...huffman(0x10, END_OF_RUN),
    ...scan(COMPONENTS, [0, 0], 0, blocks * COMPONENTS.length),
    ...refining.flat(),
    0xff,
    0xd9,
  ]);
}
