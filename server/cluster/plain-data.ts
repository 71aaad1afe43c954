import { z } from 'zod';

/** JSON with dates and bytes, as nodes exchange arguments and answers. */
export function encode(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(mark(value)), 'utf8');
}

/** @throws SyntaxError or RangeError */
export function decode(bytes: Uint8Array): unknown {
  return unmark(JSON.parse(Buffer.from(bytes).toString('utf8')));
}

/** Of objects with one key; one with such a key is marked as a whole. */
const DATE = '$date';
const BYTES = '$bytes';
const PLAIN = '$plain';
const isMarked = (value: object) => {
  const keys = Object.keys(value);
  return keys.length === 1 && (keys[0] === DATE || keys[0] === BYTES || keys[0] === PLAIN);
};

function mark(value: unknown): unknown {
  if (value instanceof Date) return { [DATE]: value.getTime() };
  if (value instanceof Uint8Array) return { [BYTES]: Buffer.from(value).toString('base64') };
  if (Array.isArray(value)) return value.map(mark);
  if (typeof value !== 'object' || value === null) return value;
  const inner = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mark(item)]));
  return isMarked(value) ? { [PLAIN]: inner } : inner;
}

function unmark(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unmark);
  if (typeof value !== 'object' || value === null) return value;
  const entries = (of: object) => Object.fromEntries(Object.entries(of).map(([key, item]) => [key, unmark(item)]));
  if (!isMarked(value)) return entries(value);
  const marked = value as Record<string, unknown>;
  if (DATE in marked) return new Date(z.number().parse(marked[DATE]));
  if (BYTES in marked) return new Uint8Array(Buffer.from(z.string().parse(marked[BYTES]), 'base64'));
  return entries(z.record(z.string(), z.unknown()).parse(marked[PLAIN]));
}
