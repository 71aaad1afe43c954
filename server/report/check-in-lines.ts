import type { CheckInPictureKind } from '../../protocol/check-in-bounds.ts';
import type { CheckInDecision, CheckInRecord } from '../../protocol/http/check-in.ts';

const DECISIONS = { admit: 'Admitted', hold: 'Held', refuse: 'Refused', reopen: 'Reopened' };
const KINDS = { photo: 'photo', document: 'identity document', room: 'room' };

const list = (kinds: readonly CheckInPictureKind[]) => kinds.map((kind) => KINDS[kind]).join(', ');

/** Pure: the check-in of a session in words, oldest decision first. */
export function checkInLines(record: CheckInRecord, moment: (at: Date) => string): string[] {
  const when = (at: string) => moment(new Date(at));
  const { openedAt, usedAt, erasedAt, decisions } = record;
  const said = ({ decision, by, at, shown, missing, reason }: CheckInDecision) =>
    [
      `${DECISIONS[decision]} by ${by?.name ?? 'staff'}, ${when(at)}.`,
      `Shown: ${shown.length > 0 ? list(shown) : 'nothing'}.`,
      ...(missing.length > 0 ? [`Missing: ${list(missing)}.`] : []),
      ...(reason === null ? [] : [`Reason: ${reason}`]),
    ].join(' ');
  return [
    `Opened ${when(openedAt)}; the exam was started with it ${when(usedAt)}.`,
    ...decisions.map(said),
    ...(erasedAt === null ? [] : [`Photo and document were erased ${when(erasedAt)}.`]),
  ];
}
