/** Writes small ONNX networks with known outputs, with only the onnx.proto3 messages that they need. */

type Shape = readonly (number | string)[];
interface Value {
  readonly name: string;
  readonly type: 'uint8' | 'float32' | 'int64';
  readonly shape: Shape;
}
export interface Constant {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array | BigInt64Array;
}
interface Node {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly output: string;
  /** Integer attributes. */
  readonly attributes?: Readonly<Record<string, number>>;
}

const TYPES = { float32: 1, uint8: 2, int64: 7 };

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}
const number = (field: number, value: number): Buffer => Buffer.from([...varint(field * 8), ...varint(value)]);
function bytes(field: number, ...parts: readonly (string | Uint8Array)[]): Buffer {
  const content = Buffer.concat(parts.map((part) => Buffer.from(part as Uint8Array)));
  return Buffer.concat([Buffer.from([...varint(field * 8 + 2), ...varint(content.length)]), content]);
}

const INT = 2;
const attribute = ([name, value]: [string, number]): Buffer =>
  bytes(5, bytes(1, name), number(3, value), number(20, INT));
const node = ({ op, inputs, output, attributes = {} }: Node): Buffer =>
  bytes(
    1,
    ...inputs.map((input) => bytes(1, input)),
    bytes(2, output),
    bytes(4, op),
    ...Object.entries(attributes).map(attribute),
  );
const dimension = (size: number | string): Buffer =>
  bytes(1, typeof size === 'number' ? number(1, size) : bytes(2, size));
const value = (field: number, { name, type, shape }: Value): Buffer =>
  bytes(field, bytes(1, name), bytes(2, bytes(1, number(1, TYPES[type]), bytes(2, ...shape.map(dimension)))));
function initializer({ name, shape, data }: Constant): Buffer {
  const type = data instanceof Float32Array ? TYPES.float32 : TYPES.int64;
  return bytes(
    5,
    ...shape.map((size) => number(1, size)),
    number(2, type),
    bytes(8, name),
    bytes(9, new Uint8Array(data.buffer)),
  );
}

export interface Network {
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly constants: readonly Constant[];
  readonly nodes: readonly Node[];
}

/** Opset 13. */
export function onnxFile({ inputs, outputs, constants, nodes }: Network): Uint8Array {
  const graph = [
    ...nodes.map(node),
    bytes(2, 'test'),
    ...constants.map(initializer),
    ...inputs.map((input) => value(11, input)),
    ...outputs.map((output) => value(12, output)),
  ];
  return Buffer.concat([number(1, 7), bytes(7, ...graph), bytes(8, bytes(1, ''), number(2, 13))]);
}
