import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf, type ManifestEntry } from '../manifest.ts';
import { verticesAsJson } from './canonical-face.ts';
import { download, type DownloadOptions, type Expected } from './download.ts';
import { FetchFailure } from './failure.ts';
import { PartFile } from './part-file.ts';
import { checkAddress } from './request.ts';

export interface FetchOptions extends DownloadOptions {
  /** URL of a mirror: a folder with the files under their own names. Default: the URLs of the manifest. */
  readonly from?: string;
}

export interface Fetched {
  readonly path: string;
  /** false: a valid file already existed. */
  readonly fetched: boolean;
}

/** Failures after which the partial file can be resumed. */
const KEEPS_PART: readonly string[] = ['network', 'stalled', 'http_status'];

/**
 * Downloads one file of the manifest into a folder. Afterwards the file has the size and SHA-256 of the manifest.
 * @throws FetchFailure
 */
export async function fetchModel(entry: ManifestEntry, folder: string, options: FetchOptions): Promise<Fetched> {
  refuseShipped(entry);
  const path = join(folder, entry.file);
  if (existsSync(path) && digestOf(await readFile(path)) === entry.sha256) return { path, fetched: false };
  const expected = expectedOf(entry, options.from);
  const part = await PartFile.claim(path);
  try {
    await download(expected, part, options);
    await complete(entry, expected, part);
  } catch (error) {
    await (error instanceof FetchFailure && KEEPS_PART.includes(error.code) ? part.leave() : part.discard());
    throw error;
  }
  return { path, fetched: true };
}

/** @throws FetchFailure for an entry that is part of the project */
export function refuseShipped({ name, shipped }: ManifestEntry): void {
  if (shipped) throw new FetchFailure('shipped_model', `${name} is part of the project: there is nothing to fetch`);
}

interface Arriving extends Expected {
  readonly sha256: string;
  readonly make?: (bytes: Uint8Array) => Uint8Array;
}

function expectedOf(entry: ManifestEntry, from: string | undefined): Arriving {
  const { name, file, url, bytes, sha256, madeFrom } = entry;
  if (from !== undefined) {
    const base = checkAddress(from);
    if (!base.pathname.endsWith('/')) base.pathname += '/';
    return { url: new URL(file, base).href, bytes, sha256 };
  }
  if (!url)
    throw new FetchFailure(
      'no_address',
      `the manifest has no URL for ${name} (${entry.origin}): put ${file} into a model folder, then verify it`,
    );
  return madeFrom
    ? { url, bytes: madeFrom.bytes, sha256: madeFrom.sha256, make: verticesAsJson }
    : { url, bytes, sha256 };
}

async function complete(entry: ManifestEntry, { url, sha256, make }: Arriving, part: PartFile): Promise<void> {
  const bytes = await part.read();
  requireDigest(url, bytes, sha256);
  if (!make) return part.finish();
  const made = make(bytes);
  requireDigest(`${entry.file}, made from ${url},`, made, entry.sha256);
  return part.finish(made);
}

function requireDigest(what: string, bytes: Uint8Array, sha256: string): void {
  const found = digestOf(bytes);
  if (found !== sha256)
    throw new FetchFailure('wrong_digest', `${what} has SHA-256 ${found}, not the manifest's ${sha256}`);
}
