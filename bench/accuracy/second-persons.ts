import { Policy } from '../../protocol/policy.ts';
import { CANVAS, LARGE_ENOUGH, sizeOf } from './by-condition.ts';
import { counted, faceByFace, hasFalseFace } from './faces-found.ts';
import { type Look, seesSeveral } from './looks.ts';
import { perThousand, type Section, share } from './measure.ts';
import type { PackRecord } from './pack.ts';

/** A second person who is seen, and a clock on the wall that is taken for one. */

const { minHeightRatio } = Policy.parse({}).multipleFaces;
const ROUND_SOURCES = new Set(['gauges', 'watches']);
/** Maximum face height as a share of the picture's in webcam framing. */
const WEBCAM = 0.7;

/** A further sure face is tall enough to be a second person by the server's rule. */
function hasSecondPerson({ faces }: PackRecord): boolean {
  const [first = 0, second = 0] = counted(faces)
    .map(({ box }) => box[3])
    .toSorted((a, b) => b - a);
  return second > 0 && second >= minHeightRatio * first;
}

/** One sure face, nothing uncertain, as at a webcam. */
function isAlone({ faces, height }: PackRecord): boolean {
  const [only] = faces;
  return faces.length === 1 && !only!.ignore && only!.box[3] < WEBCAM * height;
}

const isRound = ({ kind, source, origin }: PackRecord): boolean =>
  kind === 'neg' && (ROUND_SOURCES.has(source) || origin.split('/').at(-2) === 'watch');

export function secondPersonSections(looks: readonly Look[]): readonly Section[] {
  const several = looks.filter(({ picture }) => hasSecondPerson(picture.record));
  const alone = looks.filter(({ picture }) => isAlone(picture.record));
  const large = (those: readonly Look[]) =>
    those.flatMap((look) => faceByFace(look).filter(({ face }) => sizeOf(look.picture, face) >= LARGE_ENOUGH));
  const sources = [...new Set(looks.map(({ picture }) => picture.record.source))];
  return [
    {
      title: 'second persons',
      measures: [
        share(
          'scenes with several people called several',
          several.map(({ detection }) => seesSeveral(detection)),
        ),
        share(
          `faces of ${LARGE_ENOUGH} px of ${CANVAS} and more in them found`,
          large(several).map(({ found }) => found),
        ),
        share(
          'single persons found',
          alone.map((look) => faceByFace(look)[0]!.found),
        ),
        share(
          'single persons taken for several',
          alone.map(({ detection }) => seesSeveral(detection)),
        ),
        perThousand(
          'watches, clocks and gauges with a false face',
          looks.filter(({ picture }) => isRound(picture.record)).map(hasFalseFace),
        ),
      ],
    },
    {
      title: `faces of ${LARGE_ENOUGH} px and more found, by source`,
      measures: sources
        .map((source) =>
          share(
            source,
            large(looks.filter(({ picture }) => picture.record.source === source)).map(({ found }) => found),
          ),
        )
        .filter(({ n }) => n > 0),
    },
  ];
}
