import { type Band, bands, within } from './bands.ts';
import { faceByFace } from './faces-found.ts';
import type { Look, Picture } from './looks.ts';
import type { LabelledFace } from './pack.ts';
import { type Section, share } from './measure.ts';

/** Longer side of the picture that face sizes are scaled to, pixels. */
export const CANVAS = 320;
/**
 * Minimum longer side of a face at that size for the other conditions; smaller ones are second people in the
 * background.
 */
export const LARGE_ENOUGH = 20;

const SIZES = bands([12, 20, 32, 64], 'px');
const YAWS = bands([20, 40, 60], 'deg');
/** Mean luma of the picture, 0..255. */
const LIGHTS = named(bands([60, 170]), ['dark', 'normal light', 'bright']);
/**
 * Mean luma of the centre of the face, 0..255. It mixes skin and light: it can show that dark faces fare worse, but not
 * that all skin tones fare equally.
 */
const SKINS = named(bands([80, 140]), ['dark', 'medium', 'light']);
/** Pitch below which a face looks down, degrees. */
const DOWN = -20;

interface Seen {
  readonly picture: Picture;
  readonly face: LabelledFace;
  readonly skin: number;
  /** Longer side at CANVAS. */
  readonly size: number;
  readonly found: boolean;
}

/** Detection rates by condition. */
export function conditionSections(looks: readonly Look[]): readonly Section[] {
  const all = looks.flatMap((look) =>
    faceByFace(look).map((seen): Seen => ({ ...seen, picture: look.picture, size: sizeOf(look.picture, seen.face) })),
  );
  const large = all.filter(({ size }) => size >= LARGE_ENOUGH);
  const posed = large.filter(({ face }) => face.pose !== undefined);
  const coloured = large.filter(({ picture }) => !picture.grey);
  const masked = large.filter(({ picture }) => picture.record.source === 'facemask_with');
  const unmasked = large.filter(({ picture }) => picture.record.source === 'facemask_without');
  return [
    {
      title: `faces found by longer side at a picture of ${CANVAS} px`,
      measures: byBand(SIZES, all, ({ size }) => size),
    },
    {
      title: `faces of ${LARGE_ENOUGH} px and more found, by pose`,
      measures: [
        ...byBand(YAWS, posed, ({ face }) => Math.abs(face.pose!.yaw)).map((measure) => ({
          ...measure,
          name: `yaw ${measure.name}`,
        })),
        found(
          `pitch under ${DOWN} deg`,
          posed.filter(({ face }) => face.pose!.pitch < DOWN),
        ),
      ],
    },
    {
      title: `faces of ${LARGE_ENOUGH} px and more found, by condition`,
      measures: [
        ...byBand(LIGHTS, large, ({ picture }) => picture.luma),
        ...byBand(SKINS, coloured, ({ skin }) => skin).map((measure) => ({
          ...measure,
          name: `face luma ${measure.name}`,
        })),
        found('colour', coloured),
        found(
          'grey',
          large.filter(({ picture }) => picture.grey),
        ),
        found('source with masks', masked),
        found('the same source without masks', unmasked),
      ],
    },
  ];
}

const found = (name: string, seen: readonly Seen[]) =>
  share(
    name,
    seen.map((one) => one.found),
  );

const byBand = (list: readonly Band[], seen: readonly Seen[], value: (one: Seen) => number) =>
  list.map((band) =>
    found(
      band.name,
      seen.filter((one) => within(band, value(one))),
    ),
  );

function named(list: readonly Band[], names: readonly string[]): readonly Band[] {
  return list.map((band, i) => ({ ...band, name: `${names[i]!} (luma ${band.name})` }));
}

export function sizeOf({ record }: Picture, { box }: LabelledFace): number {
  return (Math.max(box[2], box[3]) * CANVAS) / Math.max(record.width, record.height);
}
