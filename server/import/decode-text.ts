import type { ImportEncoding } from '../../protocol/http/imports.ts';
import { FileFault } from './file-fault.ts';

const BOMS: readonly (readonly [bytes: readonly number[], encoding: ImportEncoding])[] = [
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
];
/** First bytes of a zip, which is what a workbook is, and of the older workbooks. */
const WORKBOOKS = [
  [0x50, 0x4b, 0x03, 0x04],
  [0xd0, 0xcf, 0x11, 0xe0],
];

/**
 * Windows-1252 from 0x80 to 0x9f, where ISO 8859-1 has control characters: versions of Node decode the one as the other.
 */
const C1 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

const beginsWith = (bytes: Uint8Array, start: readonly number[]) => start.every((byte, at) => bytes[at] === byte);

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/**
 * Text of a file by its byte order mark, else as UTF-8, else as Windows-1252, which is what Excel writes for "CSV".
 * @throws FileFault if it is not text
 */
export function decodeText(
  bytes: Uint8Array,
  asked?: ImportEncoding,
): { readonly text: string; readonly encoding: ImportEncoding } {
  if (WORKBOOKS.some((start) => beginsWith(bytes, start)))
    throw new FileFault('this is a workbook or a zip, not a CSV file: save the sheet as CSV');
  const marked = BOMS.find(([bom]) => beginsWith(bytes, bom))?.[1];
  const encoding = marked ?? asked ?? (isUtf8(bytes) ? 'utf-8' : 'windows-1252');
  let text: string;
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new FileFault(`the file is not ${encoding}`, { cause });
  }
  if (encoding === 'windows-1252') text = text.replace(/[\u0080-\u009f]/g, (sign) => C1[sign.charCodeAt(0) - 0x80]!);
  if (text.includes('\0')) throw new FileFault('the file is not text: it contains NUL characters');
  return { text, encoding };
}
