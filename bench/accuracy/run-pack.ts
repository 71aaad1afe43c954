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
import { isValidation, type Pack, spreadOut } from './pack.ts';
import type { Pair } from './pairs.ts';
import { showShare } from './progress.ts';

/** Score at which YuNet is as sensitive as the project's own detector. */
const LOW = 0.6;
/** Maximum number of unreadable pictures named. */
const NAMED = 20;

/**
 * Analyses the validation part of a pack with each pair.
 * @param limit maximum number of pictures, evenly spread; default: all
 */
export async function lookAtPack(
  pack: Pack,
  limit: number | undefined,
  pairs: readonly Pair[],
  decoder: JpegDecoder,
  say: (line: string) => void,
) {
  const validation = pack.records.filter(({ group }) => isValidation(group));
  const records = spreadOut(validation, limit ?? validation.length);
  const looks: Look[][] = pairs.map(() => []);
  const directed: DirectedLook[][] = pairs.map(() => []);
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
        for (const [i, detection] of (await lookAt(pairs, small)).entries()) directed[i]!.push({ frame, detection });
      }
      await low.look(picture, image);
    }
    progress(index + 1);
  }
  return {
    sections: pairs.map((pair, i): readonly Section[] => [
      ...faceSections(looks[i]!),
      ...low.section(pair),
      directedSection(directed[i]!),
      headPoseSection(looks[i]!),
      ...conditionSections(looks[i]!),
    ]),
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
  const hits: boolean[] = [];
  return {
    async look(picture: Picture, image: RgbImage): Promise<void> {
      if (!detector || !isAnimalPicture(picture)) return;
      hits.push(
        falseFaces(
          (await detector.detect(image)).map(({ box }) => box),
          picture.record.faces,
        ).length > 0,
      );
    },
    section: (asked: Pair): readonly Section[] =>
      asked === pair
        ? [
            {
              title: 'nobody there',
              measures: [perThousand(`animals and cartoons with a false face, at a score of ${LOW}`, hits)],
            },
          ]
        : [],
  };
}
