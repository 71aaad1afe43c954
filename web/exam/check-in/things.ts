import type { CheckInPictureKind } from '../../../protocol/check-in-bounds.ts';
import { t } from '../messages.ts';

/** Names of what a check-in has, in one line. */
export const thingsOf = (kinds: readonly CheckInPictureKind[]): string =>
  kinds.map((kind) => t.checkIn.things[kind]).join(', ');
