/**
 * Number of learned values in an ONNX file: the elements of the graph's initialisers that are not indices or shapes.
 * Parses only the protobuf fields needed for that. Field numbers: onnx.proto, ModelProto.graph = 7,
 * GraphProto.initializer = 5, TensorProto.dims = 1 and data_type = 2.
 */
export function onnxParameters(file: Uint8Array): number {
  let count = 0;
  for (const graph of messages(file, 7)) {
    for (const tensor of messages(graph, 5)) {
      if (!INDEX_TYPES.has(values(tensor, 2)[0] ?? 0))
        count += values(tensor, 1).reduce((product, size) => product * size, 1);
    }
  }
  return count;
}

/** int32, int64, string and bool. */
const INDEX_TYPES = new Set([6, 7, 8, 9]);
const [VARINT, FIXED64, BYTES, FIXED32] = [0, 1, 2, 5];

interface Field {
  readonly number: number;
  readonly value: number | Uint8Array;
}

const messages = (bytes: Uint8Array, number: number): Uint8Array[] =>
  [...fields(bytes)].flatMap((field) =>
    field.number === number && typeof field.value !== 'number' ? [field.value] : [],
  );

/** Values of a repeated number, packed or not. */
const values = (bytes: Uint8Array, number: number): number[] =>
  [...fields(bytes)].flatMap((field) => {
    if (field.number !== number) return [];
    return typeof field.value === 'number' ? [field.value] : packed(field.value);
  });

function* fields(bytes: Uint8Array): Generator<Field> {
  for (let at = 0; at < bytes.length;) {
    const [key, start] = varint(bytes, at);
    const number = Math.floor(key / 8);
    at = start;
    if (key % 8 === VARINT) {
      const [value, end] = varint(bytes, at);
      yield { number, value };
      at = end;
    } else if (key % 8 === BYTES) {
      const [length, begin] = varint(bytes, at);
      at = begin + length;
      yield { number, value: bytes.subarray(begin, at) };
    } else if (key % 8 === FIXED64 || key % 8 === FIXED32) {
      at += key % 8 === FIXED64 ? 8 : 4;
    } else {
      throw new Error('not an ONNX file');
    }
  }
}

function packed(bytes: Uint8Array): number[] {
  const list: number[] = [];
  for (let at = 0; at < bytes.length;) {
    const [value, end] = varint(bytes, at);
    list.push(value);
    at = end;
  }
  return list;
}

/** @returns the number, exact below 2^53, and the offset after it */
function varint(bytes: Uint8Array, at: number): readonly [value: number, end: number] {
  let value = 0;
  let factor = 1;
  for (; at < bytes.length; at++, factor *= 128) {
    value += (bytes[at]! & 127) * factor;
    if (bytes[at]! < 128) return [value, at + 1];
  }
  throw new Error('not an ONNX file');
}
