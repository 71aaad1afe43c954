import { VERSION } from '../version.ts';
import { jsonSchemaOf, UNIONS } from './json-schema.ts';

type Json = Record<string, unknown>;

const DESCRIPTION = `Text messages of the WebSocket endpoints. Each is one JSON object of one of these: ${UNIONS.map(({ name, from, to }) => `${name} (${from} to ${to})`).join(', ')}. Binary messages are frames: see docs/protocol.md. Clients ignore properties and message types that they do not know.`;

/** Names given by the generator to schemas without one: the recursive JSON value of a signal's data. */
const ANONYMOUS = /__schema\d+/g;

/**
 * JSON Schema document (2020-12) of all text messages, with a definition for each direction and each shared type.
 * @throws Error if two different types have the same name
 */
export function messageDocument(): Json {
  const definitions = new Map<string, string>();
  const add = (name: string, shape: Json, io: 'input' | 'output') => {
    const { $schema: _dialect, id: _id, ...own } = shape;
    const text = JSON.stringify(io === 'input' ? own : open(own)).replaceAll(ANONYMOUS, 'Json');
    if ((definitions.get(name) ?? text) !== text) throw new Error(`two different types are named ${name}`);
    definitions.set(name, text);
  };
  for (const { name, schema, io } of UNIONS) {
    const { $defs = {}, ...own } = jsonSchemaOf(schema, io);
    add(name, own, io);
    for (const [shared, shape] of Object.entries($defs)) add(shared.replaceAll(ANONYMOUS, 'Json'), { ...shape }, io);
  }
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: `Invigil socket messages, version ${VERSION}`,
    description: DESCRIPTION,
    $defs: Object.fromEntries([...definitions].map(([name, text]) => [name, JSON.parse(text) as Json])),
  };
}

/** Later versions of the server add properties: a client that validates must accept them. */
function open<T>(value: T): T {
  if (Array.isArray(value)) return value.map(open) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key, item]) => key !== 'additionalProperties' || item !== false);
  return Object.fromEntries(entries.map(([key, item]) => [key, open(item as unknown)])) as T;
}
