import type { z } from 'zod';
import { ProtocolError } from '../../../protocol/errors.ts';

const MAX_FAULTS = 20;

/**
 * Validates a part of a request.
 * @param where path, query or body: prefix of field paths in errors
 * @throws ProtocolError `bad_request` that names each invalid field
 */
export function validate(schema: z.ZodType | undefined, value: unknown, where: string): unknown {
  if (!schema) return undefined;
  const result = schema.safeParse(value ?? {});
  if (result.success) return result.data;
  const fields = result.error.issues
    .slice(0, MAX_FAULTS)
    .map(({ path, message }) => ({ field: [where, ...path.map(String)].join('.'), message }));
  const first = fields[0];
  throw new ProtocolError('bad_request', `${first?.field}: ${first?.message}`, {
    fields,
    ...(first && { ref: first.field }),
  });
}
