import { z } from 'zod';
import { ProtocolError } from '../../../protocol/errors.ts';
import { unknownFields } from './unknown-fields.ts';

const MAX_FAULTS = 20;
/** Longest field path in an error: unknown names come from the client. */
export const MAX_PATH = 100;
const UNKNOWN = 'is not a known field';

/** Query of routes that take no parameters. */
const NO_FIELDS = z.object({});

export interface Strictness {
  /** Fields outside of the schema are errors; otherwise they are dropped. */
  readonly refusesUnknown: boolean;
}

/**
 * Validates a part of a request.
 * @param where path, query or body: prefix of field paths in errors
 * @throws ProtocolError `bad_request` that names each invalid or unknown field
 */
export function validate(
  schema: z.ZodType | undefined,
  value: unknown,
  where: string,
  { refusesUnknown }: Strictness = { refusesUnknown: false },
): unknown {
  if (!schema && !refusesUnknown) return undefined;
  const expected = schema ?? NO_FIELDS;
  const result = expected.safeParse(value ?? {});
  const faults = result.success ? [] : result.error.issues.flatMap(faultsOf);
  const unknown = refusesUnknown ? unknownFields(expected, value).map((path) => ({ path, message: UNKNOWN })) : [];
  if (result.success && unknown.length === 0) return schema && result.data;
  const fields = [...faults, ...unknown].slice(0, MAX_FAULTS).map(({ path, message }) => ({
    field: [where, ...path.map(String)].join('.').slice(0, MAX_PATH),
    message,
  }));
  const first = fields[0];
  throw new ProtocolError('bad_request', `${first?.field}: ${first?.message}`, {
    fields,
    ...(first && { ref: first.field }),
  });
}

/** Strict schemas report their unknown fields as one issue of the object. */
function faultsOf(issue: z.core.$ZodIssue): { readonly path: readonly PropertyKey[]; readonly message: string }[] {
  if (issue.code !== 'unrecognized_keys') return [issue];
  return issue.keys.map((key) => ({ path: [...issue.path, key], message: UNKNOWN }));
}
