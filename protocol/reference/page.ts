import { ERROR_CODES } from '../errors.ts';
import { encodeFrame, encodeWatched } from '../frame.ts';
import { EXAMPLES } from './examples.ts';
import { ERROR_MEANINGS } from './error-meanings.ts';
import { type JsonSchema, jsonSchemaOf, SHARED, UNIONS } from './json-schema.ts';
import { typeText } from './type-text.ts';

const code = (language: string, text: string) => `\`\`\`${language}\n${text}\n\`\`\`\n`;

/** Row of hex by offset, field and value. */
const hex = (bytes: Uint8Array, from: number, to: number) =>
  Array.from(bytes.subarray(from, to), (byte) => byte.toString(16).padStart(2, '0')).join(' ');

const HEADER = [
  { at: 0, to: 1, type: 'u8', field: 'version' },
  { at: 1, to: 2, type: 'u8', field: 'kind: 1 exam client to server, 2 server to console' },
  { at: 2, to: 4, type: 'u16', field: 'flags' },
  { at: 4, to: 8, type: 'u32', field: 'frame sequence' },
  { at: 8, to: 16, type: 'f64', field: 'capture time, client clock, milliseconds since 1970' },
] as const;

function binaryFrames(): string {
  const header = { seq: 258, capturedAt: Date.UTC(2026, 0, 1, 10) };
  const jpeg = new Uint8Array([0xff, 0xd8, 0xff, 0xe0]);
  const frame = encodeFrame(header, jpeg);
  const session = '0198f3a2-7b1c-7000-8000-000000000001';
  const watched = encodeWatched(session, header, jpeg);
  const values = [
    '1',
    '1',
    '0',
    String(header.seq),
    `${header.capturedAt} (${new Date(header.capturedAt).toISOString()})`,
  ];
  const rows = HEADER.map(
    ({ at, to, type, field }, row) => `| ${at} | ${type} | ${field} | \`${hex(frame, at, to)}\` | ${values[row]} |`,
  );
  return [
    '## Binary messages\n',
    'All numbers are little-endian. A frame from an exam client is a header of 16 bytes and the JPEG. Example:\n',
    '| offset | type | field | bytes | value |\n|---|---|---|---|---|',
    ...rows,
    `| 16 | | JPEG | \`${hex(frame, 16, 20)} ...\` | |\n`,
    `A watched frame, server to console, is the same header with kind 2, the session id as 16 bytes at offset 16, and the JPEG at offset 32. For session \`${session}\`:\n`,
    code('text', `${hex(watched, 0, 16)}\n${hex(watched, 16, 32)}\n${hex(watched, 32, 36)} ...`),
  ].join('\n');
}

const typeOf = ({ properties }: JsonSchema): string => String(properties?.['type']?.const);

function union({ name, schema, io, from, to }: (typeof UNIONS)[number]): string {
  const { oneOf = [], $defs = {} } = jsonSchemaOf(schema, io);
  const messages = oneOf.map((member) => {
    const own = member.$ref === undefined ? member : ($defs[member.$ref.replace('#/$defs/', '')] ?? {});
    const options = own.oneOf ?? [own];
    const type = typeOf(options[0]!);
    const examples = EXAMPLES[name]
      .filter((example) => example.type === type)
      .map((example) => JSON.stringify(example));
    return [
      `### \`${type}\`: ${from} to ${to}\n`,
      `${own.description}\n`,
      code('ts', options.map((option) => typeText(option, 'page')).join('\n')),
      code('json', examples.join('\n')),
    ].join('\n');
  });
  return [`## Text messages, ${from} to ${to}\n`, ...messages].join('\n');
}

function sharedTypes(): string {
  const types = Object.entries(SHARED)
    .filter(([name]) => !['ErrorCode', 'Hello', 'Signal'].includes(name))
    .map(([name, schema]) => {
      const { $defs, $ref, ...own } = jsonSchemaOf(schema, 'output');
      return `type ${name} = ${typeText($ref === undefined ? own : ($defs?.[name] ?? {}), 'page')};`;
    });
  const text = [
    'type Id = string; // UUID (RFC 9562), for example 0198f3a2-7b1c-7000-8000-000000000001',
    'type Timestamp = string; // ISO 8601 with an offset, for example 2026-01-01T10:00:00.000Z',
    'type Json = string | number | boolean | null | Json[] | { [key: string]: Json };',
    'type ErrorCode = string; // see Error codes',
    ...types,
  ];
  return `## Shared types\n\n${code('ts', text.join('\n'))}`;
}

function errorCodes(): string {
  const rows = ERROR_CODES.map((name) => `| \`${name}\` | ${ERROR_MEANINGS[name]} |`);
  return `## Error codes\n\nOn the sockets as \`code\` of \`error\`, over HTTP as \`code\` of the problem (RFC 9457).\n\n| code | cause |\n|---|---|\n${rows.join('\n')}\n`;
}

/** docs/protocol-messages.md: every message, made from the schemas. */
export function messagesPage(): string {
  return [
    '# Messages of `invigil.v1`\n',
    '<!-- Made by `npm run docs:protocol` from the schemas in protocol/. Do not edit. -->\n',
    'Rules are in [protocol.md](protocol.md), a recorded session in [protocol-transcript.md](protocol-transcript.md). Shapes are in TypeScript notation: `?` marks an optional field, and a comment gives its bounds. A text message is one JSON object.\n',
    binaryFrames(),
    ...UNIONS.map(union),
    sharedTypes(),
    errorCodes(),
  ].join('\n');
}
