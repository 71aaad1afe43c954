import { type ApiDocument, resolve, type Schema } from './document.ts';

const MAX_DEPTH = 6;
const BY_FORMAT: Readonly<Record<string, string>> = {
  email: 'ada@example.org',
  uuid: '00000000-0000-7000-8000-000000000000',
  'date-time': '2026-01-01T10:00:00.000Z',
};

/** An example value of a schema, with its required properties only. */
export function exampleOf(document: ApiDocument, given: Schema, depth = 0): unknown {
  const schema = resolve(document, given);
  if (schema.default !== undefined) return schema.default;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  const choice = schema.anyOf?.[0] ?? schema.oneOf?.[0] ?? schema.allOf?.[0];
  if (choice) return exampleOf(document, choice, depth + 1);
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case 'object': {
      const required = depth > MAX_DEPTH ? [] : (schema.required ?? []);
      return Object.fromEntries(
        required.map((name) => [name, exampleOf(document, schema.properties?.[name] ?? {}, depth + 1)]),
      );
    }
    case 'array':
      return [];
    case 'string':
      return BY_FORMAT[schema.format ?? ''] ?? '';
    case 'integer':
    case 'number':
      return schema.minimum ?? 0;
    case 'boolean':
      return false;
    default:
      return null;
  }
}
