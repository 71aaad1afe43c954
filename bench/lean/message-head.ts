/** Start of a message of one type as serialised by the server: the type comes first. */
export const headOf = (type: string, rest = ''): Buffer => Buffer.from(`{"type":"${type}"${rest}`);

export const beginsWith = (payload: Buffer, head: Buffer): boolean =>
  payload.length >= head.length && head.compare(payload, 0, head.length) === 0;

const ZERO = 48;
const NINE = 57;

/** Parses the decimal digits at an offset: the one number of a message, without a JSON parser. */
export function integerAt(payload: Buffer, at: number): number {
  let value = 0;
  for (let place = at; place < payload.length; place++) {
    const byte = payload[place]!;
    if (byte < ZERO || byte > NINE) break;
    value = value * 10 + byte - ZERO;
  }
  return value;
}
