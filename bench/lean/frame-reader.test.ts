import { expect, test } from 'vitest';
import { FrameReader } from './frame-reader.ts';
import { frameHead, pictureHead } from './frame-writer.ts';

/** An unmasked frame, as sent by servers. */
function fromServer(opcode: number, payload: Buffer): Buffer {
  const length =
    payload.length < 126
      ? Buffer.from([payload.length])
      : payload.length < 65_536
        ? Buffer.from([126, payload.length >> 8, payload.length & 255])
        : Buffer.from([127, 0, 0, 0, 0, 0, payload.length >> 16, (payload.length >> 8) & 255, payload.length & 255]);
  return Buffer.concat([Buffer.from([0x80 | opcode]), length, payload]);
}

test('messages of every length are reassembled from chunks of any size', () => {
  const sent = [
    Buffer.from('a'),
    Buffer.alloc(0),
    Buffer.alloc(126, 'b'),
    Buffer.alloc(70_000, 'c'),
    Buffer.from('last'),
  ];
  const bytes = Buffer.concat(sent.map((payload, index) => fromServer(index === 1 ? 9 : 1, payload)));
  // Headers and ends arrive in steps of that size, the inside of the large message in larger ones.
  const large = bytes.indexOf('ccc');
  const isInside = (at: number) => at > large + 10 && at < large + 69_000;
  for (const step of [1, 7, 1000, bytes.length]) {
    const got: { opcode: number; payload: string }[] = [];
    const reader = new FrameReader((opcode, payload) => got.push({ opcode, payload: payload.toString('latin1') }));
    for (let at = 0; at < bytes.length;) {
      const end = at + (isInside(at) ? Math.max(step, 500) : step);
      reader.take(Buffer.from(bytes.subarray(at, end)));
      at = end;
    }
    expect(got).toEqual(
      sent.map((payload, index) => ({ opcode: index === 1 ? 9 : 1, payload: payload.toString('latin1') })),
    );
  }
});

test('frame headers contain the length, the mask bit and the mask', () => {
  expect(frameHead(1, 5)).toEqual(Buffer.from([0x81, 0x85, 0, 0, 0, 0]));
  expect(frameHead(2, 300)).toEqual(Buffer.from([0x82, 0xfe, 1, 44, 0, 0, 0, 0]));
  expect(frameHead(2, 70_000)).toEqual(Buffer.from([0x82, 0xff, 0, 0, 0, 0, 0, 1, 0x11, 0x70, 0, 0, 0, 0]));
});

test('the header of an image frame follows F1 and carries its sequence number', () => {
  const head = pictureHead(7, 1.5, 84);
  expect(head).toHaveLength(6 + 16);
  expect(head[1]! & 0x7f).toBe(100);
  expect([...head.subarray(6, 14)]).toEqual([1, 1, 0, 0, 7, 0, 0, 0]);
  expect(head.readDoubleLE(14)).toBe(1.5);
});
