import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CLOSE } from '../errors.ts';
import { EXAMPLES } from './examples.ts';
import { type JsonSchema, jsonSchemaOf, UNIONS } from './json-schema.ts';
import { messagesPage } from './page.ts';

const doc = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');

test('docs/protocol-messages.md is up to date with the schemas (npm run docs:protocol)', () => {
  expect(doc('protocol-messages.md')).toBe(messagesPage());
});

test('docs/protocol.md lists the close codes that exist, and no others', () => {
  const listed = [...doc('protocol.md').matchAll(/^\| (\d{4}) \|/gm)].map(([, code]) => Number(code));
  expect(new Set(listed)).toEqual(new Set(Object.values(CLOSE)));
  expect(listed.length).toBe(Object.values(CLOSE).length);
});

describe.for(UNIONS)('examples of $name', ({ name, schema, io }) => {
  test('are messages that the schema accepts unchanged', () => {
    for (const example of EXAMPLES[name]) expect(schema.parse(example)).toEqual(example);
  });

  test('cover every message and every field of it', () => {
    const { oneOf = [], $defs = {} } = jsonSchemaOf(schema, io);
    const flat = (member: JsonSchema): readonly JsonSchema[] => {
      const own = member.$ref === undefined ? member : ($defs[member.$ref.replace('#/$defs/', '')] ?? {});
      return own.oneOf?.flatMap(flat) ?? [own];
    };
    const missing = oneOf.flatMap(flat).flatMap(({ properties = {} }) => {
      const fixed = Object.entries(properties).filter(([, field]) => 'const' in field);
      const examples = EXAMPLES[name].filter((example) =>
        fixed.every(([field, value]) => (example as Record<string, unknown>)[field] === value.const),
      );
      // Optional texts of commands are shown once.
      const fields = Object.keys(properties).filter((field) => field !== 'reason' && field !== 'session');
      const of = fixed.map(([, value]) => value.const).join(' ');
      if (examples.length === 0) return [of];
      return fields.filter((field) => !examples.some((example) => field in example)).map((field) => `${of}.${field}`);
    });
    expect(missing).toEqual([]);
  });
});
