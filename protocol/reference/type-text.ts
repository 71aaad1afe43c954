import type { JsonSchema } from './json-schema.ts';

/**
 * - `page` for readers of the reference: bounds and descriptions behind each field
 * - `types` for declaration files: descriptions before each field
 */
export type Style = 'page' | 'types';

/** `z.json()` has no name of its own. */
const JSON_VALUE = '__schema0';
export const refName = (ref: string): string => ref.replace('#/$defs/', '').replace(JSON_VALUE, 'Json');

const quoted = (value: unknown): string => (typeof value === 'string' ? `'${value}'` : JSON.stringify(value));

function scalar(type: string, { format }: JsonSchema, style: Style): string {
  if (type === 'integer') return 'number';
  if (type !== 'string' || style === 'types') return type;
  return format === 'uuid' ? 'Id' : format === 'date-time' ? 'Timestamp' : type;
}

/** Limits that a type cannot express, for the reference. */
function bounds(schema: JsonSchema): string[] {
  const {
    minimum = Number.MIN_SAFE_INTEGER,
    maximum = Number.MAX_SAFE_INTEGER,
    type,
    maxLength,
    pattern,
    format,
  } = schema;
  const lower = minimum > Number.MIN_SAFE_INTEGER;
  const upper = maximum < Number.MAX_SAFE_INTEGER;
  const range = lower && upper ? `${minimum}..${maximum}` : lower ? `>= ${minimum}` : upper ? `<= ${maximum}` : '';
  const whole = type === 'integer' ? 'integer' : '';
  const said = [whole, range].filter(Boolean).join(' ');
  const length = maxLength === undefined ? '' : `at most ${maxLength} characters`;
  // Formats have a name, and other patterns in the protocol say what text cannot be stored (rule T1).
  const form = pattern && !format && !pattern.includes('Surrogate') ? pattern : '';
  return [said, length, form].filter(Boolean);
}

function note(schema: JsonSchema): string {
  const inner = schema.anyOf?.find(({ type }) => type !== 'null') ?? schema;
  const limits = bounds(inner).join(', ');
  const { description = '' } = schema;
  return [limits && description ? `${limits}.` : limits, description].filter(Boolean).join(' ');
}

function objectText(schema: JsonSchema, style: Style, indent: string): string {
  const { properties, required = [], additionalProperties } = schema;
  if (!properties) {
    const value = typeof additionalProperties === 'object' ? typeText(additionalProperties, style, indent) : 'unknown';
    return style === 'page' ? `{ [key: string]: ${value} }` : `Record<string, ${value}>`;
  }
  const inner = `${indent}  `;
  const lines = Object.entries(properties).map(([name, field]) => {
    const optional = !required.includes(name);
    const type = typeText(field, style, inner);
    if (style === 'page') {
      const comment = note(field);
      return `${inner}${name}${optional ? '?' : ''}: ${type};${comment && ` // ${comment}`}\n`;
    }
    const comment = field.description ? `${inner}/** ${field.description} */\n` : '';
    return `${comment}${inner}readonly ${name}${optional ? '?' : ''}: ${type}${optional ? ' | undefined' : ''};\n`;
  });
  return `{\n${lines.join('')}${indent}}`;
}

/** A schema in TypeScript's notation. */
export function typeText(schema: JsonSchema, style: Style, indent = ''): string {
  if (schema.$ref !== undefined) return refName(schema.$ref);
  if ('const' in schema) return quoted(schema.const);
  if (schema.enum) return schema.enum.map(quoted).join(' | ');
  const options = schema.oneOf ?? schema.anyOf;
  if (options) return options.map((option) => typeText(option, style, indent)).join(' | ');
  const { type } = schema;
  if (Array.isArray(type)) return type.map((each: string) => scalar(each, schema, style)).join(' | ');
  if (type === 'object') return objectText(schema, style, indent);
  if (type === 'array') return `readonly (${typeText(schema.items ?? {}, style, indent)})[]`.replace(/\((\w+)\)/, '$1');
  return typeof type === 'string' ? scalar(type, schema, style) : 'unknown';
}
