import { checkInBytes } from '../../db/check-in-pictures.ts';
import { readdir, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { databaseSize } from '../../db/database-size.ts';
import type { Executor } from '../../db/executor.ts';
import {
  deleteStorageSamples,
  evidenceBytes,
  insertStorageSamples,
  oldestStorageSamples,
  type StorageSample,
} from '../../db/storage-samples.ts';
import type { System } from '../../protocol/http/system.ts';
import type { Clock, Timers } from '../clock.ts';
import type { Logger } from '../log.ts';

type Name = System['storage']['parts'][number]['name'];
type Part = System['storage']['parts'][number];
type Volume = System['storage']['volumes'][number];

export interface StorageParts {
  readonly db: Executor;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Logger;
  /** Folder of each part; undefined: on another machine. */
  readonly folders: Readonly<Record<Name, string | undefined>>;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Between two measurements, and from the start to the first. */
const EVERY_MS = 15 * MINUTE_MS;
const FIRST_MS = 5000;
/** A sample is stored this often. */
const SAMPLE_MS = HOUR_MS;
const WINDOW_MS = 7 * DAY_MS;
/** A rate over less says little. */
const LEAST_MS = 6 * HOUR_MS;
/** Between two statements. */
const REST_MS = 20;
/** Files of a flat folder that are measured. */
const MOST_FILES = 1000;

/** Pure: bytes a day between two samples; null: too close to each other. */
export function growthOf(
  oldest: Pick<StorageSample, 'at' | 'bytes'> | undefined,
  newest: Pick<StorageSample, 'at' | 'bytes'>,
): number | null {
  const ms = oldest ? newest.at.getTime() - oldest.at.getTime() : 0;
  if (!oldest || ms < LEAST_MS) return null;
  return Math.max(0, ((newest.bytes - oldest.bytes) / ms) * DAY_MS);
}

/** Pure: days until a volume is full at the rate of its parts. */
export function lastsOf(freeBytes: number, growth: readonly (number | null)[]): number | null {
  const known = growth.filter((value) => value !== null);
  const sum = known.reduce((total, value) => total + value, 0);
  return known.length < growth.length || sum === 0 ? null : freeBytes / sum;
}

/** Measures what is stored, in the background: nobody who asks waits for it. */
export class StorageMeter {
  readonly #parts: StorageParts;
  #measured: Pick<System['storage'], 'parts' | 'volumes'>;
  #sampledAt = Number.NEGATIVE_INFINITY;
  #running: Promise<void> | undefined;

  constructor(parts: StorageParts) {
    this.#parts = parts;
    this.#measured = {
      parts: (['database', 'evidence', 'audit'] as const).map((name) => ({
        name,
        bytes: null,
        growthPerDay: null,
        measuredAt: null,
        volume: null,
      })),
      volumes: [],
    };
  }

  get measured(): Pick<System['storage'], 'parts' | 'volumes'> {
    return this.#measured;
  }

  start(signal: AbortSignal): void {
    const { timers } = this.#parts;
    const stops = [
      timers.after(FIRST_MS, () => void this.measure()),
      timers.every(EVERY_MS, () => void this.measure()),
    ];
    signal.addEventListener('abort', () => stops.forEach((stop) => stop()), { once: true });
  }

  /** Joins a running measurement. Never rejects: the last figures stay. */
  measure(): Promise<void> {
    return (this.#running ??= this.#measure()
      .catch((error: unknown) => this.#parts.log.debug({ err: error }, 'measuring the storage failed'))
      .finally(() => (this.#running = undefined)));
  }

  /** Resolves when no statement of it is under way any more. */
  ended(): Promise<void> {
    return this.#running ?? Promise.resolve();
  }

  async #measure(): Promise<void> {
    const { db, clock, folders } = this.#parts;
    const rest = () => sleep(REST_MS);
    const at = new Date(clock());
    const bytes: Record<Name, number> = {
      database: await databaseSize(db),
      evidence: (await evidenceBytes(db, rest)) + (await checkInBytes(db)),
      audit: await sizeOfFlatFolder(folders.audit),
    };
    const samples = (Object.keys(bytes) as Name[]).map((part) => ({ part, at, bytes: bytes[part] }));
    if (at.getTime() - this.#sampledAt >= SAMPLE_MS) {
      await insertStorageSamples(db, samples);
      await deleteStorageSamples(db, new Date(at.getTime() - WINDOW_MS - DAY_MS));
      this.#sampledAt = at.getTime();
    }
    const oldest = new Map(
      (await oldestStorageSamples(db, new Date(at.getTime() - WINDOW_MS))).map((sample) => [sample.part, sample]),
    );
    const grown = samples.map((sample) => ({ ...sample, growth: growthOf(oldest.get(sample.part), sample) }));
    const volumes: { device: number; volume: Omit<Volume, 'lastsDays'>; growth: (number | null)[] }[] = [];
    const parts: Part[] = [];
    for (const { part: name, bytes: size, growth } of grown) {
      const folder = folders[name];
      const found = folder === undefined ? undefined : await volumeOf(folder);
      let volume: number | null = null;
      if (found) {
        const known = volumes.findIndex(({ device }) => device === found.device);
        volume = known === -1 ? volumes.push({ ...found, growth: [] }) - 1 : known;
        volumes[volume]!.growth.push(growth);
      }
      parts.push({ name, bytes: size, growthPerDay: growth, measuredAt: at.toISOString(), volume });
    }
    this.#measured = {
      parts,
      volumes: volumes.map(({ volume, growth }) => ({ ...volume, lastsDays: lastsOf(volume.freeBytes, growth) })),
    };
  }
}

/** Undefined: the folder does not exist yet. */
async function volumeOf(
  folder: string,
): Promise<{ readonly device: number; readonly volume: Omit<Volume, 'lastsDays'> } | undefined> {
  try {
    const [{ dev }, { bavail, blocks, bsize }] = [await stat(folder), await statfs(folder)];
    return { device: dev, volume: { freeBytes: bavail * bsize, totalBytes: blocks * bsize } };
  } catch {
    return undefined;
  }
}

async function sizeOfFlatFolder(folder: string | undefined): Promise<number> {
  if (folder === undefined) return 0;
  let bytes = 0;
  for (const name of (await readdir(folder).catch((): string[] => [])).slice(0, MOST_FILES))
    bytes += await stat(join(folder, name)).then(
      (file) => (file.isFile() ? file.size : 0),
      () => 0,
    );
  return bytes;
}
