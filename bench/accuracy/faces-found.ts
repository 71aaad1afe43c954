import type { LabelledFace } from './pack.ts';
import { assign, falseFaces } from './match.ts';
import { type Measure, perThousand, type Section, share } from './measure.ts';
import { type Look, seesSeveral } from './looks.ts';
import { isAnimalOrCartoon } from './subject.ts';

/** Maximum yaw of a frontal face, degrees. */
const FRONTAL = 20;
/** Minimum longer side of a frontal face, pixels. */
const TALL_ENOUGH = 40;
/** Maximum face height as a share of the picture's height in webcam framing; tight portraits fill more. */
const WEBCAM = 0.7;
const ROOMY = `face under ${WEBCAM} of the picture's height`;
/** Minimum number of faces in a group. */
const GROUP = 3;

const isFrontal = ({ pose }: LabelledFace): boolean => pose !== undefined && Math.abs(pose.yaw) <= FRONTAL;

export const counted = (faces: readonly LabelledFace[]): readonly LabelledFace[] =>
  faces.filter(({ ignore }) => !ignore);

/** Each labelled face in scope, with its detection result. */
export function faceByFace({
  picture,
  detection,
}: Look): readonly { readonly face: LabelledFace; readonly skin: number; readonly found: boolean }[] {
  const labels = picture.record.faces;
  const found = assign(
    labels.map(({ box }) => box),
    detection.faces.map(({ box }) => box),
  );
  return labels
    .map((face, i) => ({ face, skin: picture.skin[i]!, found: found[i] !== undefined }))
    .filter(({ face }) => !face.ignore);
}

export const hasFalseFace = ({ picture, detection }: Look): boolean =>
  falseFaces(
    detection.faces.map(({ box }) => box),
    picture.record.faces,
  ).length > 0;

/** Pictures without people, apart from faces that the labels leave open. */
export const isAnimalPicture = ({ record }: Look['picture']): boolean =>
  (record.kind === 'neg' || record.kind === 'neg_ign') && isAnimalOrCartoon(record);

export function faceSections(looks: readonly Look[]): readonly Section[] {
  return [
    { title: 'frontal faces', measures: frontal(looks) },
    { title: 'nobody there', measures: nobody(looks) },
    { title: `groups of ${GROUP} and more`, measures: groups(looks) },
  ];
}

function frontal(looks: readonly Look[]): readonly Measure[] {
  const faces = looks.flatMap((look) =>
    faceByFace(look)
      .filter(({ face }) => isFrontal(face) && Math.max(face.box[2], face.box[3]) >= TALL_ENOUGH)
      .map(({ face, found }) => ({ found, tight: isTight(look, face) })),
  );
  const alone = looks.filter(
    ({ picture: { record } }) => record.faces.length === 1 && !record.faces[0]!.ignore && isFrontal(record.faces[0]!),
  );
  const roomy = alone.filter((look) => !isTight(look, look.picture.record.faces[0]!));
  return [
    share(
      `found, of ${TALL_ENOUGH} px and more`,
      faces.map(({ found }) => found),
    ),
    share(
      `found, of ${TALL_ENOUGH} px and more, ${ROOMY}`,
      faces.filter(({ tight }) => !tight).map(({ found }) => found),
    ),
    share(
      'one person taken for several',
      alone.map(({ detection }) => seesSeveral(detection)),
    ),
    share(
      `one person taken for several, ${ROOMY}`,
      roomy.map(({ detection }) => seesSeveral(detection)),
    ),
  ];
}

const isTight = ({ picture: { record } }: Look, { box }: LabelledFace): boolean => box[3] >= WEBCAM * record.height;

function nobody(looks: readonly Look[]): readonly Measure[] {
  const objects = looks.filter(({ picture: { record } }) => record.kind === 'neg' && !isAnimalOrCartoon(record));
  const animals = looks.filter(({ picture }) => isAnimalPicture(picture));
  return [
    perThousand('object pictures with a false face', objects.map(hasFalseFace)),
    perThousand('animals and cartoons with a false face', animals.map(hasFalseFace)),
  ];
}

function groups(looks: readonly Look[]): readonly Measure[] {
  const some = looks.filter(({ picture }) => counted(picture.record.faces).length >= GROUP);
  return [
    share(
      'faces found',
      some.flatMap(faceByFace).map(({ found }) => found),
    ),
    share(
      'taken for several people',
      some.map(({ detection }) => seesSeveral(detection)),
    ),
  ];
}
