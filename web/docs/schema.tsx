import type { ComponentChildren } from 'preact';
import { nameOf, type Schema } from './document.ts';
import { t } from './messages.ts';

const MAX_NESTED = 4;

/** A schema on one line: `string (uuid)`, `User[]`, `"draft" | "active"`. */
function Type({ schema }: { readonly schema: Schema }): ComponentChildren {
  if (schema.$ref) return <a href={`#schema-${nameOf(schema.$ref)}`}>{nameOf(schema.$ref)}</a>;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return choices.flatMap((choice, index) => [index > 0 && ' | ', <Type key={index} schema={choice} />]);
  if (schema.items) return [<Type key="items" schema={schema.items} />, '[]'];
  const type = [schema.type ?? t.anyType].flat().join(' | ');
  return schema.format ? `${type} (${schema.format})` : type;
}

/** Bounds and default; the safe-integer bounds that zod always writes are left out. */
function limitsOf({ minimum, maximum, exclusiveMinimum, minLength, maxLength, default: preset }: Schema): string {
  const isBound = (bound: number | undefined): bound is number =>
    bound !== undefined && Math.abs(bound) !== Number.MAX_SAFE_INTEGER;
  return [
    isBound(minimum) && t.minimum(minimum),
    isBound(exclusiveMinimum) && t.exclusiveMinimum(exclusiveMinimum),
    isBound(maximum) && t.maximum(maximum),
    minLength !== undefined && t.minLength(minLength),
    maxLength !== undefined && t.maxLength(maxLength),
    preset !== undefined && t.preset(JSON.stringify(preset)),
  ]
    .filter(Boolean)
    .join(', ');
}

/** The object schema whose properties are listed below this one. */
function innerOf(schema: Schema): Schema | undefined {
  if (schema.$ref) return undefined;
  if (schema.properties) return schema;
  if (schema.items) return innerOf(schema.items);
  return (schema.anyOf ?? schema.oneOf ?? schema.allOf)?.map(innerOf).find((inner) => inner !== undefined);
}

export function SchemaView({ schema, depth = 0 }: { readonly schema: Schema; readonly depth?: number }) {
  const inner = depth < MAX_NESTED ? innerOf(schema) : undefined;
  const limits = limitsOf(schema);
  return (
    <>
      <span>
        <code>
          <Type schema={schema} />
        </code>
        {limits && <span class="muted small"> {limits}</span>}
      </span>
      {schema.description && <span class="small"> {schema.description}</span>}
      {inner?.properties && (
        <dl class="properties">
          {Object.entries(inner.properties).map(([name, property]) => (
            <div key={name}>
              <dt>
                <code>{name}</code>
                {!inner.required?.includes(name) && <span class="muted">?</span>}
              </dt>
              <dd>
                <SchemaView schema={property} depth={depth + 1} />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </>
  );
}
