import { jsonSchemaOf, SHARED, UNIONS } from './json-schema.ts';
import { typeText } from './type-text.ts';

const JSON_VALUE = `/** Any JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };`;

const doc = (description: string | undefined) => (description === undefined ? '' : `/** ${description} */\n`);

/**
 * The types of all messages as a declaration file that needs no zod: the same types as `z.infer` gives, with the
 * descriptions of the schemas.
 */
export function messageDeclarations(): string {
  const shared = Object.entries(SHARED)
    // Declared beside the codes themselves.
    .filter(([name]) => name !== 'ErrorCode')
    .map(([name, schema]) => {
      const { $defs, $ref, ...own } = jsonSchemaOf(schema, 'output');
      const json = $ref === undefined ? own : ($defs?.[name] ?? {});
      const type = typeText(json, 'types');
      const head = type.startsWith('{') ? `export interface ${name} ${type}` : `export type ${name} = ${type};`;
      return doc(json.description) + head;
    });
  const unions = UNIONS.map(({ name, schema, io, from, to }) => {
    const { oneOf = [] } = jsonSchemaOf(schema, io);
    const members = oneOf.map((member) => `\n  | ${typeText(member, 'types', '    ')}`);
    return `/** Text messages, ${from} to ${to}. */\nexport type ${name} =${members.join('')};`;
  });
  return [`import type { ErrorCode } from './errors.ts';`, JSON_VALUE, ...shared, ...unions, ''].join('\n');
}
