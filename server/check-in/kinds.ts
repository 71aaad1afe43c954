import type { CheckInPictureRow } from '../../db/check-in-pictures.ts';
import type { CheckInRow } from '../../db/check-ins.ts';
import { CHECK_IN_PICTURES, CHECK_IN_ROOM, type CheckInPictureKind } from '../../protocol/check-in-bounds.ts';

/** Pictures of each kind. */
export type PictureCounts = Readonly<Partial<Record<CheckInPictureKind, number>>>;

export function countPictures(pictures: readonly Pick<CheckInPictureRow, 'kind'>[]): PictureCounts {
  const counts: Partial<Record<CheckInPictureKind, number>> = {};
  for (const { kind } of pictures) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

const isThere = (counts: PictureCounts, kind: CheckInPictureKind): boolean =>
  (counts[kind] ?? 0) >= (kind === 'room' ? CHECK_IN_ROOM.least : 1);

/** Kinds of which there is something to look at; a look at the room may be too short. */
export const presentKinds = (counts: PictureCounts): CheckInPictureKind[] =>
  CHECK_IN_PICTURES.filter((kind) => (counts[kind] ?? 0) > 0);

/** Kinds that the policy asks for and that are not there as they should be. */
export const missingKinds = (wants: CheckInRow['wants'], counts: PictureCounts): CheckInPictureKind[] =>
  CHECK_IN_PICTURES.filter((kind) => wants[kind] && !isThere(counts, kind));
