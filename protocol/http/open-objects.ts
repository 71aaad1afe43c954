import type { z } from 'zod';

const open = new WeakSet<z.ZodType>();

/**
 * Marks an object of a request that may have further fields, which are ignored: one that a browser writes by a
 * standard that grows. All other objects of the native API refuse unknown fields.
 */
export function openObject<T extends z.ZodObject>(schema: T, meta?: { readonly id: string }): T {
  open.add(schema);
  const named = meta ? schema.meta(meta) : schema;
  open.add(named);
  return named;
}

export const isOpenObject = (schema: z.ZodType): boolean => open.has(schema);
