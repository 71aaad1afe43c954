import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UsageError } from '../../simulator/options.ts';

const Point = z.tuple([z.number(), z.number()]);

/** Box and landmarks in pixels, angles in degrees as in `Pose` of models/jobs.ts. */
const LabelledFace = z.object({
  box: z.tuple([z.number(), z.number(), z.number().positive(), z.number().positive()]),
  /** Neither a face nor background: detections here are not counted. */
  ignore: z.boolean().default(false),
  /** Eye at image left, eye at image right, nose tip, mouth corner left, mouth corner right. */
  kps5: z.tuple([Point, Point, Point, Point, Point]),
  pose: z.object({ yaw: z.number(), pitch: z.number(), roll: z.number() }).optional(),
  /** Confidence of the pose, 0..1. */
  mesh_score: z.number().default(0),
});

/** One line of `labels.jsonl`; other fields are ignored. */
const PackRecord = z.object({
  file: z.string().min(1),
  width: z.int().positive(),
  height: z.int().positive(),
  source: z.string(),
  /** `neg`: no face; `neg_ign`: none outside ignored regions; `noface_frame`: from a clip, without a certain face. */
  kind: z.enum(['face', 'neg', 'neg_ign', 'noface_frame']),
  /** Path in the source data set. */
  origin: z.string().default(''),
  /** Person, clip or file: never on both sides of the split. */
  group: z.string().min(1),
  faces: z.array(LabelledFace),
});

export type LabelledFace = z.infer<typeof LabelledFace>;
export type PackRecord = z.infer<typeof PackRecord>;

export interface Pack {
  readonly folder: string;
  readonly records: readonly PackRecord[];
  /** SHA-256 of labels.jsonl, hex. */
  readonly digest: string;
}

/** One group in ten, selected by the digest of its name, as in `is_validation` of models/train/pack.py. */
export function isValidation(group: string): boolean {
  return BigInt(`0x${createHash('md5').update(group).digest('hex')}`) % 10n === 0n;
}

/** @throws UsageError naming the file, the line and the fault */
export async function readPack(folder: string): Promise<Pack> {
  const path = join(folder, 'labels.jsonl');
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new UsageError(`${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
  const records = text
    .split('\n')
    .flatMap((line, index) => (line.trim() === '' ? [] : [readLine(line, `${path}, line ${index + 1}`)]));
  if (records.length === 0) throw new UsageError(`${path} has no records`);
  return { folder, records, digest: createHash('sha256').update(text).digest('hex') };
}

function readLine(line: string, where: string): PackRecord {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch (cause) {
    throw new UsageError(`${where}: ${(cause as Error).message}`, { cause });
  }
  const { data, error } = PackRecord.safeParse(json);
  if (!data) throw new UsageError(`${where}: ${z.prettifyError(error).replaceAll(/\s+/g, ' ')}`);
  return data;
}

/** Sources that never train, whole, as in `HELD_OUT` of models/train/pack.py: figures on them are of pictures from elsewhere. */
export const HELD_OUT_SOURCES: ReadonlySet<string> = new Set([
  'facemask_boxes',
  'seatbelt',
  'earphone',
  'human_seg',
  'classroom_bav',
  'bsds',
  'exif_photos',
  'gauges',
  'scenes15',
  'phone_floor',
  'posture',
  'yawn',
]);

/** Evenly spaced sample of `count` items: a pack lists one source after another. */
export function spreadOut<T>(all: readonly T[], count: number): readonly T[] {
  if (count >= all.length) return all;
  return Array.from({ length: count }, (_, i) => all[Math.floor((i * all.length) / count)]!);
}
