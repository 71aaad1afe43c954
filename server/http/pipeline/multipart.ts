import { ProtocolError } from '../../../protocol/errors.ts';

/** RFC 2046, section 5.1.1: 70 characters at most. */
const BOUNDARY = /^[\w'()+,./:=? -]{0,69}[\w'()+,./:=?-]$/;
const MAX_PARTS = 16;
/** Maximum preamble before the first boundary, bytes; it is ignored. */
const MAX_PREAMBLE = 256;
/** Maximum headers of one part, bytes and lines. */
const MAX_HEADERS = { bytes: 2048, lines: 8 };
const MAX_FIELD_BYTES = 64 * 1024;
/** Maximum whitespace after a boundary on its line. */
const MAX_PADDING = 16;

const CRLF = Buffer.from('\r\n');
const BLANK_LINE = Buffer.from('\r\n\r\n');

export type Parts = Record<string, string | Buffer>;

const malformed = (what: string) => new ProtocolError('malformed_body', `invalid multipart/form-data: ${what}`);

/** One parameter of a header's value, as a token or in quotes. */
function parameterOf(value: string, name: string): string | undefined {
  const found = new RegExp(`;[ \\t]*${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s;"]+))`, 'i').exec(value);
  return found?.[1]?.replaceAll(/\\(.)/g, '$1') ?? found?.[2];
}

/** @throws ProtocolError `malformed_body` */
function boundaryOf(contentType: string): string {
  const boundary = parameterOf(contentType, 'boundary');
  if (boundary === undefined || !BOUNDARY.test(boundary))
    throw malformed('its media type names no boundary of 1 to 70 characters');
  return boundary;
}

interface PartHeaders {
  readonly name: string;
  readonly isFile: boolean;
}

function readHeaders(block: Buffer): PartHeaders {
  const lines = block.toString('utf8').split('\r\n');
  if (lines.length > MAX_HEADERS.lines) throw malformed(`a part has more than ${MAX_HEADERS.lines} header lines`);
  const valueOf = (header: string) =>
    lines
      .find((line) => line.toLowerCase().startsWith(`${header}:`))
      ?.slice(header.length + 1)
      .trim() ?? '';
  const disposition = valueOf('content-disposition');
  const name = /^form-data[ \t]*;/i.test(disposition) ? parameterOf(disposition, 'name') : undefined;
  if (name === undefined) throw malformed('a part has no name');
  const isFile =
    parameterOf(disposition, 'filename\\*?') !== undefined ||
    /^application\/octet-stream\b/i.test(valueOf('content-type'));
  return { name, isFile };
}

/**
 * RFC 7578, restricted to what clients send: a few named parts, a short preamble, unique names. Fields are returned as
 * strings, files as views of the body. Each byte is scanned once by the runtime's own search, and the first fault ends
 * parsing, so the cost depends only on the size (docs/decisions/0090-own-multipart-parser.md).
 * @throws ProtocolError `malformed_body`
 */
export function parseMultipart(body: Buffer, contentType: string): Parts {
  const delimiter = Buffer.from(`\r\n--${boundaryOf(contentType)}`);
  const parts: Parts = Object.create(null);
  // The first delimiter needs no preceding line break.
  let at = body.subarray(0, delimiter.length - 2).equals(delimiter.subarray(2)) ? delimiter.length - 2 : -1;
  if (at < 0) {
    const first = body.subarray(0, MAX_PREAMBLE + delimiter.length).indexOf(delimiter);
    if (first < 0) throw malformed('no boundary at the start');
    at = first + delimiter.length;
  }
  for (let count = 0; ; count++) {
    if (body[at] === 0x2d && body[at + 1] === 0x2d) break;
    if (count === MAX_PARTS) throw malformed(`more than ${MAX_PARTS} parts`);
    const line = body.subarray(at, at + MAX_PADDING + CRLF.length).indexOf(CRLF);
    if (line < 0 || !/^[ \t]*$/.test(body.toString('latin1', at, at + line)))
      throw malformed('unexpected bytes after a boundary');
    const from = at + line + CRLF.length;
    const headersEnd = body.subarray(from, from + MAX_HEADERS.bytes + BLANK_LINE.length).indexOf(BLANK_LINE);
    if (headersEnd < 0) throw malformed(`headers of a part are missing or exceed ${MAX_HEADERS.bytes} bytes`);
    const { name, isFile } = readHeaders(body.subarray(from, from + headersEnd));
    if (name in parts) throw malformed('duplicate field name');
    // The delimiter of an empty part overlaps the end of its blank line.
    const start = from + headersEnd + BLANK_LINE.length;
    const end = body.indexOf(delimiter, start - CRLF.length);
    if (end < 0) throw malformed('missing final boundary');
    const content = body.subarray(start, Math.max(start, end));
    if (!isFile && content.length > MAX_FIELD_BYTES) throw malformed(`a field exceeds ${MAX_FIELD_BYTES} bytes`);
    parts[name] = isFile ? content : content.toString('utf8');
    at = end + delimiter.length;
  }
  return { ...parts };
}
