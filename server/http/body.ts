import { Busboy } from '@fastify/busboy';
import { ProtocolError } from '../../protocol/errors.ts';
import type { BodyKind } from './route.ts';

/** Bytes of a body, at most. */
export const BODY_LIMIT: Readonly<Record<BodyKind, number>> = { json: 1024 * 1024, form: 1024 * 1024, multipart: 5 * 1024 * 1024 };

const MEDIA_TYPE: Readonly<Record<BodyKind, { readonly name: string; readonly pattern: RegExp }>> = {
  json: { name: 'application/json', pattern: /^application\/([\w.-]+\+)?json\s*(;|$)/i },
  form: { name: 'application/x-www-form-urlencoded', pattern: /^application\/x-www-form-urlencoded\s*(;|$)/i },
  multipart: { name: 'multipart/form-data', pattern: /^multipart\/form-data\s*;/i },
};

const MAX_PARTS = 16;
const MAX_FIELD_BYTES = 64 * 1024;

export const mediaTypeOf = (kind: BodyKind): string => MEDIA_TYPE[kind].name;

/** @throws ProtocolError `unsupported_media_type` */
export function checkMediaType(kind: BodyKind, contentType: string): void {
  const { name, pattern } = MEDIA_TYPE[kind];
  if (!pattern.test(contentType)) throw new ProtocolError('unsupported_media_type', `the body must be ${name}`);
}

/**
 * JSON as it says; forms as an object of texts, of a repeated name the last; files of a multipart body as Buffers.
 * @throws ProtocolError `malformed_json` or `malformed_body`
 */
export function parseBody(kind: BodyKind, bytes: Buffer, contentType: string): Promise<unknown> | unknown {
  switch (kind) {
    case 'json':
      return parseJson(bytes);
    case 'form':
      return Object.fromEntries(new URLSearchParams(bytes.toString('utf8')));
    case 'multipart':
      return parseMultipart(bytes, contentType);
  }
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw new ProtocolError('malformed_json', 'the body is not JSON', { cause });
  }
}

function parseMultipart(bytes: Buffer, contentType: string): Promise<Record<string, string | Buffer>> {
  return new Promise((resolve, reject) => {
    const malformed = (cause?: unknown) => reject(new ProtocolError('malformed_body', `the body is not multipart/form-data of at most ${MAX_PARTS} parts with texts of at most ${MAX_FIELD_BYTES} bytes`, { cause }));
    try {
      const parts: Record<string, string | Buffer> = Object.create(null);
      const parser = new Busboy({
        headers: { 'content-type': contentType },
        limits: { parts: MAX_PARTS, fieldSize: MAX_FIELD_BYTES },
      });
      parser.on('field', (name, value, _nameTruncated, truncated) => {
        if (truncated) malformed();
        parts[name] = value;
      });
      parser.on('file', (name, stream) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          parts[name] = Buffer.concat(chunks);
        });
        stream.on('error', malformed);
      });
      parser.on('partsLimit', () => malformed());
      parser.on('error', malformed);
      parser.on('finish', () => resolve({ ...parts }));
      parser.end(bytes);
    } catch (cause) {
      malformed(cause);
    }
  });
}
