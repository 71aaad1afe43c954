import type { z } from 'zod';
import { isOpenObject } from '../../../protocol/http/open-objects.ts';

type Path = readonly (string | number)[];
type Definition = z.core.$ZodTypes['_zod']['def'];

const definitionOf = (schema: z.core.$ZodType): Definition => (schema as z.core.$ZodTypes)._zod.def;

/** Fields of a value that its schema does not name. The value is assumed to be valid otherwise. */
export function unknownFields(schema: z.core.$ZodType, value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [];
  const def = definitionOf(schema);
  switch (def.type) {
    case 'object':
      return inObject(schema, def, value, path);
    case 'array':
      return Array.isArray(value) ? value.flatMap((item, at) => unknownFields(def.element, item, [...path, at])) : [];
    case 'record':
      return Object.entries(value).flatMap(([name, item]) => unknownFields(def.valueType, item, [...path, name]));
    case 'union':
      return ofBestOption(def.options, value, path);
    case 'intersection':
      return inBoth(unknownFields(def.left, value, path), unknownFields(def.right, value, path));
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'nonoptional':
    case 'readonly':
    case 'catch':
      return unknownFields(def.innerType, value, path);
    case 'pipe':
      // The other side gets the result of the transformation.
      return unknownFields(definitionOf(def.in).type === 'transform' ? def.out : def.in, value, path);
    case 'lazy':
      return unknownFields(def.getter(), value, path);
    default:
      return [];
  }
}

function inObject(
  schema: z.core.$ZodType,
  { shape, catchall }: z.core.$ZodObjectDef,
  value: object,
  path: Path,
): Path[] {
  // With a catchall, the schema itself says what happens to further fields.
  const isClosed = catchall === undefined && !isOpenObject(schema as z.ZodType);
  return Object.entries(value).flatMap(([name, item]) => {
    const field = Object.hasOwn(shape, name) ? shape[name] : undefined;
    if (field) return unknownFields(field, item, [...path, name]);
    return isClosed ? [[...path, name]] : [];
  });
}

/** The option that accepts the value with the fewest unknown fields. */
function ofBestOption(options: readonly z.core.$ZodType[], value: unknown, path: Path): Path[] {
  return (
    options
      .filter((option) => (option as z.ZodType).safeParse(value).success)
      .map((option) => unknownFields(option, value, path))
      .reduce<Path[] | undefined>((best, found) => (best && best.length <= found.length ? best : found), undefined) ??
    []
  );
}

/** Unknown to both sides of an intersection. */
function inBoth(left: readonly Path[], right: readonly Path[]): Path[] {
  const others = new Set(right.map((path) => JSON.stringify(path)));
  return left.filter((path) => others.has(JSON.stringify(path)));
}
