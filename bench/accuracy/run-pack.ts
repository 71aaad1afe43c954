import { YunetFaceDetector } from '../../models/adapters/yunet.ts';
import type { JpegDecoder } from '../../models/decode.ts';
import type { RgbImage } from '../../models/image.ts';
import { conditionSections } from './by-condition.ts';
import { directedFrames, type DirectedLook, directedSection } from './directed.ts';
import { faceSections, isAnimalPicture } from './faces-found.ts';
import { headPoseSection } from './head-pose.ts';
import { type Look, lookAt, openPicture, type Picture } from './looks.ts';
import { falseFaces } from './match.ts';
import { perThousand, type Section } from './measure.ts';
import { HELD_OUT_SOURCES, isValidation, type Pack, type PackRecord, spreadOut } from './pack.ts';
import { secondPersonSections } from './second-persons.ts';
import type { Pair } from './pairs.ts';
import { showShare } from './progress.ts';

/** Score at which YuNet is as sensitive as the project's own detector. */
const LOW = 0.6;
/** Maximum number of unreadable pictures named. */
const NAMED = 20;

/** Parts of a pack that are measured apart: what is seldom like the training pictures, and what is of the same sources. */
const PARTS = [
  { name: 'sources never trained on', holds: ({ source }: PackRecord) => HELD_OUT_SOURCES.has(source) },
  {
    name: 'validation groups',
    holds: ({ source, group }: PackRecord) => !HELD_OUT_SOURCES.has(source) && isValidation(group),
  },
] as const;

/**
 * Analyses what of a pack is not trained on, with each pair.
 * @param limit maximum number of pictures, evenly spread; default: all
 */
export async function lookAtPack(
  pack: Pack,
  limit: number | undefined,
  pairs: readonly Pair[],
  decoder: JpegDecoder,
  say: (line: string) => void,
) {
  const validation = pack.records.filter((record) => PARTS.some(({ holds }) => holds(record)));
  const records = spreadOut(validation, limit ?? validation.length);
  const looks: Look[][] = pairs.map(() => []);
  const directed: (DirectedLook & { readonly record: PackRecord })[][] = pairs.map(() => []);
  const low = await lowThreshold(pairs);
  const unread: string[] = [];
  const progress = showShare('pictures of the pack', records.length, say);
  for (const [index, record] of records.entries()) {
    const opened = await openPicture(pack, record, decoder).catch(
      (error: Error) => void unread.push(`${record.file}: ${error.message}`),
    );
    if (opened) {
      const { jpeg, image, picture } = opened;
      for (const [i, detection] of (await lookAt(pairs, jpeg)).entries()) looks[i]!.push({ picture, detection });
      for (const { jpeg: small, ...frame } of directedFrames(record, image, index)) {
        for (const [i, detection] of (await lookAt(pairs, small)).entries())
          directed[i]!.push({ frame, detection, record });
      }
      await low.look(picture, image);
    }
    progress(index + 1);
  }
  const sectionsOf = (pair: Pair, i: number): readonly Section[] =>
    PARTS.flatMap(({ name, holds }) => {
      const those = looks[i]!.filter(({ picture }) => holds(picture.record));
      if (those.length === 0) return [];
      return [
        ...faceSections(those),
        ...secondPersonSections(those),
        ...low.section(pair, holds),
        directedSection(directed[i]!.filter(({ record }) => holds(record))),
        headPoseSection(those),
        ...conditionSections(those),
      ].map((section) => ({ ...section, title: `${name}: ${section.title}` }));
    });
  return {
    sections: pairs.map(sectionsOf),
    input: {
      records: pack.records.length,
      validation: validation.length,
      looked: records.length - unread.length,
      labelsSha256: pack.digest,
    },
    errors: namedOf(unread),
  };
}

function namedOf(unread: readonly string[]): readonly string[] {
  if (unread.length === 0) return [];
  const more = unread.length > NAMED ? [`and ${unread.length - NAMED} more`] : [];
  return [
    `${unread.length} picture${unread.length === 1 ? '' : 's'} could not be read`,
    ...unread.slice(0, NAMED),
    ...more,
  ];
}

/** Adds the public detector at the lower score, if available; its own figure otherwise uses a stricter one. */
async function lowThreshold(pairs: readonly Pair[]) {
  const pair = pairs.find(({ models }) => models.face.adapter === 'yunet');
  const detector = pair && (await YunetFaceDetector.load(pair.models.face.files, LOW));
  const looked: { readonly record: PackRecord; readonly hit: boolean }[] = [];
  return {
    async look(picture: Picture, image: RgbImage): Promise<void> {
      if (!detector || !isAnimalPicture(picture)) return;
      const boxes = (await detector.detect(image)).map(({ box }) => box);
      looked.push({ record: picture.record, hit: falseFaces(boxes, picture.record.faces).length > 0 });
    },
    section: (asked: Pair, holds: (record: PackRecord) => boolean): readonly Section[] =>
      asked === pair
        ? [
            {
              title: 'nobody there',
              measures: [
                perThousand(
                  `animals and cartoons with a false face, at a score of ${LOW}`,
                  looked.filter(({ record }) => holds(record)).map(({ hit }) => hit),
                ),
              ],
            },
          ]
        : [],
  };
}
