import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ModelFiles } from './adapters/adapter.ts';

export type Role = 'face' | 'gaze';

export interface TensorShape {
  readonly name: string;
  readonly type: 'uint8' | 'float32';
  /** A word stands for a variable size. */
  readonly shape: readonly (number | string)[];
}

/** One file of `manifest.json`. */
export interface ManifestEntry {
  readonly name: string;
  readonly version: string;
  /** Adapter that reads the file, and its task. An adapter may need several files. */
  readonly adapter: string;
  readonly role: Role;
  readonly file: string;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
  readonly licence: string;
  readonly origin: string;
  /** false: not part of the project; to be placed into a model folder. */
  readonly shipped: boolean;
  /** Download URL of a file that is not shipped; null if unknown. */
  readonly url?: string | null;
  /** Format at `url` if it is not the file itself: an OBJ file whose vertices are converted to JSON. */
  readonly madeFrom?: { readonly bytes: number; readonly sha256: string };
  /** Absent for a file that is not a network. */
  readonly opset?: number;
  readonly inputs: readonly TensorShape[];
  readonly outputs: readonly TensorShape[];
}

/** Weights are missing, unknown, or differ from the manifest. */
export class ModelUnavailable extends Error {
  readonly code = 'model_unavailable';
}

/** The project's own model folder, for source and for code compiled into `dist/`. */
export function shippedFolder(): string {
  const places = ['.', '../../models'].map((place) => fileURLToPath(new URL(place, import.meta.url)));
  const found = places.find((place) => existsSync(join(place, 'manifest.json')));
  if (!found) throw new ModelUnavailable(`no manifest.json in ${places.join(' or ')}`);
  return found;
}

export function readManifest(): readonly ManifestEntry[] {
  const { models } = JSON.parse(readFileSync(join(shippedFolder(), 'manifest.json'), 'utf8')) as {
    models: ManifestEntry[];
  };
  return models;
}

/** @throws ModelUnavailable with the known adapters */
export function entriesFor(manifest: readonly ManifestEntry[], role: Role, adapter: string): readonly ManifestEntry[] {
  const entries = manifest.filter((entry) => entry.role === role && entry.adapter === adapter);
  if (entries.length === 0) {
    const known = [...new Set(manifest.filter((entry) => entry.role === role).map((entry) => entry.adapter))];
    throw new ModelUnavailable(`unknown ${role} model ${adapter}: known are ${known.join(', ')}`);
  }
  return entries;
}

/**
 * Reads each entry's file from the first folder that has it, and verifies size and SHA-256. The verified bytes are the
 * ones loaded later, as a path could change in between.
 * @throws ModelUnavailable with the file and the fault
 */
export async function loadFiles(entries: readonly ManifestEntry[], folders: readonly string[]): Promise<ModelFiles> {
  const files = new Map<string, Uint8Array>();
  for (const entry of entries) files.set(entry.file, await loadChecked(entry, folders));
  return files;
}

/** The file of that name in the first folder that has one, unverified. */
export function findFile({ file }: ManifestEntry, folders: readonly string[]): string | undefined {
  return folders.map((folder) => join(folder, file)).find((candidate) => existsSync(candidate));
}

/** SHA-256 in hex. */
export function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function loadChecked(entry: ManifestEntry, folders: readonly string[]): Promise<Uint8Array> {
  const path = findFile(entry, folders);
  if (!path)
    throw new ModelUnavailable(
      `${entry.file} (${entry.name}) is missing from ${folders.join(', ') || 'no folder at all'}`,
    );
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new ModelUnavailable(`${path} (${entry.name}) cannot be read`, { cause });
  }
  if (bytes.length !== entry.bytes) {
    throw new ModelUnavailable(
      `${path} (${entry.name}) has ${bytes.length} bytes, not the ${entry.bytes} of the manifest`,
    );
  }
  const sha256 = digestOf(bytes);
  if (sha256 !== entry.sha256) {
    throw new ModelUnavailable(`${path} (${entry.name}) has SHA-256 ${sha256}, not the manifest's ${entry.sha256}`);
  }
  return bytes;
}
