import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UsageError } from '../../simulator/options.ts';

const Point = z.tuple([z.number(), z.number()]);

/** Pixels of the picture, degrees as in `Pose` of models/jobs.ts. */
const LabelledFace = z.object({
  box: z.tuple([z.number(), z.number(), z.number().positive(), z.number().positive()]),
  /** Neither a face nor background: not counted, whatever is found there. */
  ignore: z.boolean().default(false),
  /** Eye at image left, eye at image right, nose tip, mouth corner left, mouth corner right. */
  kps5: z.tuple([Point, Point, Point, Point, Point]),
  pose: z.object({ yaw: z.number(), pitch: z.number(), roll: z.number() }).optional(),
  /** How sure the pose is, 0..1. */
  mesh_score: z.number().default(0),
});

/** One line of `labels.jsonl`; what else stands there is not read. */
const PackRecord = z.object({
  file: z.string().min(1),
  width: z.int().positive(),
  height: z.int().positive(),
  source: z.string(),
  /** `neg`: no face; `neg_ign`: none but in regions to ignore; `noface_frame`: of a clip, without a sure face. */
  kind: z.enum(['face', 'neg', 'neg_ign', 'noface_frame']),
  /** Path at the source. */
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

/** One group in ten, by the digest of its name; `is_validation` of models/train/pack.py splits alike. */
export function isValidation(group: string): boolean {
  return BigInt(`0x${createHash('md5').update(group).digest('hex')}`) % 10n === 0n;
}

/** @throws UsageError naming the file, the line and what is wrong with it */
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

/** `count` of all, evenly spread: a pack lists one source after another. */
export function spreadOut<T>(all: readonly T[], count: number): readonly T[] {
  if (count >= all.length) return all;
  return Array.from({ length: count }, (_, i) => all[Math.floor((i * all.length) / count)]!);
}
