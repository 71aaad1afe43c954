import { type ErrorCode, ProtocolError } from '../../../protocol/errors.ts';
import { isModestJson, MAX_JSON_ITEMS } from '../../../protocol/json-shape.ts';
import { isKept } from '../../../protocol/storable.ts';
import { parseMultipart } from './multipart.ts';

/** Media type of a body: `application/json`, `application/x-www-form-urlencoded` or `multipart/form-data`. */
export type BodyKind = 'json' | 'form' | 'multipart';

/** Default maximum size of a body, bytes: the longest texts of any schema, with room for escapes. */
export const BODY_LIMIT: Readonly<Record<BodyKind, number>> = {
  json: 16 * 1024,
  form: 16 * 1024,
  multipart: 512 * 1024,
};

const MEDIA_TYPE: Readonly<Record<BodyKind, { readonly name: string; readonly pattern: RegExp }>> = {
  json: { name: 'application/json', pattern: /^application\/([\w.-]+\+)?json\s*(;|$)/i },
  form: { name: 'application/x-www-form-urlencoded', pattern: /^application\/x-www-form-urlencoded\s*(;|$)/i },
  multipart: { name: 'multipart/form-data', pattern: /^multipart\/form-data\s*;/i },
};

/** Maximum number of pairs in a form or a query. */
const MAX_PAIRS = 64;

export const mediaTypeOf = (kind: BodyKind): string => MEDIA_TYPE[kind].name;

/** @throws ProtocolError `unsupported_media_type` */
export function checkMediaType(kind: BodyKind, contentType: string): void {
  const { name, pattern } = MEDIA_TYPE[kind];
  if (!pattern.test(contentType)) throw new ProtocolError('unsupported_media_type', `body must be ${name}`);
}

/**
 * JSON as parsed; forms as an object of strings (the last value of a repeated name wins); files of a multipart body as
 * Buffers.
 * @throws ProtocolError `malformed_json` or `malformed_body`
 */
export function parseBody(kind: BodyKind, bytes: Buffer, contentType: string): unknown {
  switch (kind) {
    case 'json':
      return parseJson(bytes.toString('utf8'));
    case 'form':
      return parsePairs(bytes.toString('utf8'), 'malformed_body');
    case 'multipart':
      return parseMultipart(bytes, contentType);
  }
}

function parseJson(text: string): unknown {
  if (!isModestJson(text))
    throw new ProtocolError('malformed_json', `body has more than ${MAX_JSON_ITEMS} values or is nested too deeply`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ProtocolError('malformed_json', 'body is not valid JSON', { cause });
  }
  // Before schema validation, which would silently drop such values.
  if (!isKept(value)) throw new ProtocolError('malformed_json', 'body has a key __proto__ or a number out of range');
  return value;
}

/**
 * A form or a query as an object of strings; the last value of a repeated name wins. Most routes refuse such queries.
 * @throws ProtocolError with the given code for too many pairs
 */
export function parsePairs(text: string, code: ErrorCode): Record<string, string> {
  let pairs = 1;
  for (let at = text.indexOf('&'); at >= 0; at = text.indexOf('&', at + 1)) {
    if (++pairs > MAX_PAIRS) throw new ProtocolError(code, `more than ${MAX_PAIRS} pairs`);
  }
  return Object.fromEntries(new URLSearchParams(text));
}
