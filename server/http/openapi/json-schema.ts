import { z } from 'zod';
import { isOpenObject } from '../../../protocol/http/open-objects.ts';

type Json = Record<string, unknown>;

function renamed(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((item) => renamed(item, names));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const local = key === '$ref' && typeof item === 'string' ? /^#\/\$defs\/(.+)$/.exec(item)?.[1] : undefined;
      return [key, local === undefined ? renamed(item, names) : `#/components/schemas/${names.get(local) ?? local}`];
    }),
  );
}

type Io = 'input' | 'output';

/** A schema without its names, and every named schema in it, including itself. */
interface Generated {
  readonly own: Json;
  readonly id: string | undefined;
  readonly named: Record<string, Json>;
}

/** A schema as it stands in a document, with the components that it refers to. */
interface Placed {
  readonly shape: Json;
  readonly components: Record<string, Json>;
}

/** Many routes share their schemas, and servers of one process share all of them. */
function remembered<T>(make: (schema: z.ZodType, io: Io) => T): (schema: z.ZodType, io: Io) => T {
  const made = { input: new WeakMap<z.ZodType, { value: T }>(), output: new WeakMap<z.ZodType, { value: T }>() };
  return (schema, io) => {
    let known = made[io].get(schema);
    if (!known) made[io].set(schema, (known = { value: make(schema, io) }));
    return known.value;
  };
}

const jsonSchemaOf = remembered(generate);
const placedOf = remembered(place);

function generate(schema: z.ZodType, io: Io): Generated {
  const {
    $schema: _dialect,
    $defs = {},
    id,
    ...own
  } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      if (jsonSchema.type !== 'object' || !jsonSchema.properties) return;
      if (isOpenObject(zodSchema as unknown as z.ZodType)) jsonSchema.additionalProperties = {};
      else jsonSchema.additionalProperties ??= false;
    },
  }) as Json & { $defs?: Record<string, Json>; id?: string };
  const inner = Object.entries($defs).map(([name, { id: _id, ...shape }]) => [name, shape] as const);
  return { own, id, named: Object.fromEntries(id === undefined ? inner : [...inner, [id, own]]) };
}

/** Names of schemas whose input and output differ, directly or through a reference. */
function differing(these: Record<string, Json>, those: Record<string, Json>): Set<string> {
  const texts = Object.entries(these).map(([name, shape]) => [name, JSON.stringify(shape)] as const);
  const found = new Set(texts.filter(([name, text]) => text !== JSON.stringify(those[name])).map(([name]) => name));
  for (let size = -1; size !== found.size;) {
    size = found.size;
    for (const [name, text] of texts)
      if ([...found].some((other) => text.includes(`"#/$defs/${other}"`))) found.add(name);
  }
  return found;
}

function place(schema: z.ZodType, io: Io): Placed {
  const { own, id, named } = jsonSchemaOf(schema, io);
  const answered = io === 'input' ? jsonSchemaOf(schema, 'output').named : named;
  const other = differing(named, answered);
  const names = new Map(Object.keys(named).map((name) => [name, other.has(name) ? `${name}Input` : name]));
  return {
    components: Object.fromEntries([...names].map(([local, name]) => [name, renamed(named[local], names) as Json])),
    shape: id === undefined ? (renamed(own, names) as Json) : { $ref: `#/components/schemas/${names.get(id)}` },
  };
}

/**
 * JSON Schemas (2020-12, the dialect of OpenAPI 3.1) of zod schemas. Schemas with a `meta({ id })` become components;
 * if input and output differ, the input component is named `...Input`.
 */
export class JsonSchemas {
  readonly components: Record<string, Json> = {};

  /** `io`: `input` for requests, `output` for responses. */
  of(schema: z.ZodType, io: Io): Json {
    const { shape, components } = placedOf(schema, io);
    Object.assign(this.components, components);
    return shape;
  }
}
