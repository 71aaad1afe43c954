import { z } from 'zod';

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

/**
 * JSON Schemas (2020-12, the dialect of OpenAPI 3.1) of zod schemas. Those with a `meta({ id })` become components that
 * the others refer to; one that differs as input and as output gets a component for each, the former named `...Input`.
 */
export class JsonSchemas {
  readonly components: Record<string, Json> = {};

  /** `io`: as the client writes it, or as it is answered. */
  of(schema: z.ZodType, io: 'input' | 'output'): Json {
    const { $schema: _dialect, $defs = {}, id, ...own } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json & { $defs?: Record<string, Json>; id?: string };
    const named = id === undefined ? $defs : { ...$defs, [id]: own };
    const names = new Map(Object.keys(named).map((name) => [name, this.#nameFor(name, named[name] ?? {}, io)]));
    for (const [local, name] of names) {
      const { id: _id, ...definition } = named[local] ?? {};
      this.components[name] = renamed(definition, names) as Json;
    }
    return (id === undefined ? renamed(own, names) : { $ref: `#/components/schemas/${names.get(id)}` }) as Json;
  }

  #nameFor(name: string, definition: Json, io: 'input' | 'output'): string {
    const { id: _id, ...shape } = definition;
    const known = this.components[name];
    if (known === undefined || JSON.stringify(known) === JSON.stringify(renamed(shape, new Map()))) return name;
    return io === 'input' ? `${name}Input` : name;
  }
}
