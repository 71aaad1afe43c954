import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { analyse } from '../../models/analyse.ts';
import type { JpegDecoder } from '../../models/decode.ts';
import type { RgbImage } from '../../models/image.ts';
import type { Box, Detection } from '../../models/jobs.ts';
import { Policy } from '../../protocol/policy.ts';
import { readConditions } from '../../server/session/rules/conditions.ts';
import type { Pack, PackRecord } from './pack.ts';
import type { Pair } from './pairs.ts';
import { isGrey, keep, lumaOf } from './pixels.ts';

/** A labelled picture with properties computed from its pixels. */
export interface Picture {
  readonly record: PackRecord;
  /** Mean luma 0..255. */
  readonly luma: number;
  readonly grey: boolean;
  /** Mean luma 0..255 of the centre of each labelled face. */
  readonly skin: readonly number[];
}

/** Analysis of one picture by one pair of models. */
export interface Look {
  readonly picture: Picture;
  readonly detection: Detection;
}

const POLICY = Policy.parse({});
const STRAIGHT = { yaw: 0, pitch: 0 };
/** Central share of a face's box that is mostly skin. */
const MIDDLE = 0.4;

/** True if the server's rule sees several people in this frame. */
export const seesSeveral = (detection: Detection): boolean =>
  readConditions(POLICY, detection, STRAIGHT).multipleFaces !== undefined;

/** Minimum confidence of a known gaze. */
export const KNOWN_GAZE = POLICY.gaze.minConfidence;

/** Reads and decodes a file. @throws errors of reading and decoding */
export async function openPicture(pack: Pack, record: PackRecord, decoder: JpegDecoder) {
  const jpeg = await readFile(join(pack.folder, record.file));
  const image = keep(decoder.decode(jpeg));
  if (image.width !== record.width || image.height !== record.height) {
    throw new Error(`${image.width}x${image.height} pixels, but its record says ${record.width}x${record.height}`);
  }
  return { jpeg, image, picture: describe(record, image) };
}

function describe(record: PackRecord, image: RgbImage): Picture {
  return {
    record,
    luma: lumaOf(image, [0, 0, image.width, image.height]),
    grey: isGrey(image),
    skin: record.faces.map(({ box }) => lumaOf(image, middle(box))),
  };
}

function middle([x, y, w, h]: Box): Box {
  const edge = (1 - MIDDLE) / 2;
  return [x + w * edge, y + h * edge, w * MIDDLE, h * MIDDLE];
}

/** Analyses of one picture by each pair, in the pairs' order. */
export async function lookAt(pairs: readonly Pair[], jpeg: Uint8Array): Promise<readonly Detection[]> {
  const seen: Detection[] = [];
  for (const { pipeline } of pairs) seen.push(await analyse(pipeline, jpeg));
  return seen;
}
