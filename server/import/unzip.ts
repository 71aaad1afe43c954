import { crc32 } from 'node:zlib';
import { type Entry, fromBuffer, type ZipFile } from 'yauzl';
import { IMPORT_LIMITS } from '../../protocol/import-limits.ts';
import { FileFault } from './file-fault.ts';

/** Entries of a zip; OneRoster names 20 files. */
const MAX_ENTRIES = 100;

const open = (bytes: Buffer): Promise<ZipFile> =>
  new Promise((resolve, reject) => {
    fromBuffer(bytes, { lazyEntries: true, strictFileNames: true, validateEntrySizes: true }, (error, zip) => {
      if (error) reject(new FileFault('this is not a zip file', { cause: error }));
      else resolve(zip);
    });
  });

const tooLarge = (name: string) =>
  new FileFault(`${name}: unpacks to more than ${IMPORT_LIMITS.bytes / 2 ** 20} MiB, with the files before it`);

/** The stated size may be a lie: bytes are counted as they are unpacked. */
async function unpack(zip: ZipFile, entry: Entry, left: number): Promise<Buffer> {
  if (entry.uncompressedSize > left) throw tooLarge(entry.fileName);
  const stream = await new Promise<NodeJS.ReadableStream>((resolve, reject) => {
    zip.openReadStream(entry, (error, opened) => (error ? reject(error) : resolve(opened)));
  });
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > left) throw tooLarge(entry.fileName);
    chunks.push(chunk);
  }
  const content = Buffer.concat(chunks);
  if (crc32(content) !== entry.crc32) throw new FileFault(`${entry.fileName} is damaged: its checksum differs`);
  return content;
}

/**
 * Files of a zip by their base names, as far as they are wanted.
 * @throws FileFault for a damaged zip, one with more than 100 entries, or with more than 8 MiB of wanted files
 */
export async function unzip(bytes: Uint8Array, wanted: ReadonlySet<string>): Promise<Map<string, Buffer>> {
  const zip = await open(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  if (zip.entryCount > MAX_ENTRIES) throw new FileFault(`the zip has more than ${MAX_ENTRIES} files`);
  const files = new Map<string, Buffer>();
  let left: number = IMPORT_LIMITS.bytes;
  try {
    await new Promise<void>((resolve, reject) => {
      zip.on('error', reject);
      zip.on('end', resolve);
      zip.on('entry', (entry: Entry) => {
        const name = entry.fileName.split('/').at(-1)!.toLowerCase();
        if (!wanted.has(name)) return zip.readEntry();
        if (files.has(name)) return reject(new FileFault(`the zip has two files ${name}`));
        unpack(zip, entry, left).then((content) => {
          left -= content.length;
          files.set(name, content);
          zip.readEntry();
        }, reject);
      });
      zip.readEntry();
    });
  } catch (error) {
    throw error instanceof FileFault ? error : new FileFault('the zip is damaged', { cause: error });
  } finally {
    zip.close();
  }
  return files;
}
