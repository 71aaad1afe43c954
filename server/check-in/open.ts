import { uuidv7 } from 'uuidv7';
import { appendAudit } from '../../db/audit/append.ts';
import { countCheckIns, findOpenCheckIn, insertCheckIn } from '../../db/check-ins.ts';
import { CHECK_IN_PICTURES } from '../../protocol/check-in-bounds.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import type { Role } from '../../protocol/http/accounts.ts';
import { checkInOf } from '../../protocol/policy.ts';
import { afterDays } from '../after-days.ts';
import { roleForbids } from '../access/refused.ts';
import { whyNoCheckIn } from '../session/live/check-in-gate.ts';
import { lockOffered } from '../session/live/offered-exam.ts';
import { type CheckInParts, namedIn, type Own } from './parts.ts';

/** Check-ins that one student may open within an hour. */
const OPENED_AN_HOUR = 240;
const HOUR_MS = 3_600_000;
const RETRY_S = 600;

/**
 * Opens a check-in, with what the policy asks for now. One that is open already stays: two tabs have the same.
 * @throws ProtocolError `not_found`, `forbidden` for staff, `check_in_off`, `rate_limited`, or as a start would when the exam begins
 */
export function openCheckIn(
  { db, clock }: CheckInParts,
  { examId, studentId }: Own,
  { role }: { readonly role: Role },
): Promise<void> {
  const now = clock();
  const at = new Date(now);
  return db.transaction().execute(async (tx) => {
    const exam = await lockOffered(tx, examId, studentId, now);
    if (role !== 'student') throw roleForbids(examId);
    if (exam.check_in) return;
    const refused = whyNoCheckIn(exam, now);
    if (refused) {
      // The other tab was first: its check-in may be used up by now.
      if (await findOpenCheckIn(tx, examId, studentId)) return;
      throw refused;
    }
    if ((await countCheckIns(tx, studentId, new Date(now - HOUR_MS))) >= OPENED_AN_HOUR)
      throw new ProtocolError('rate_limited', `at most ${OPENED_AN_HOUR} check-ins per hour`, {
        retryable: true,
        retryAfterSeconds: RETRY_S,
        refusal: { kind: 'flood', target: examId },
      });
    const { photo, document, room, keepDays } = checkInOf(exam.policy);
    const row = await insertCheckIn(tx, {
      id: uuidv7(),
      exam_id: examId,
      student_id: studentId,
      room: exam.room,
      wants: { photo, document, room, keepDays, roomWithSession: exam.policy.evidence.keep },
      opened_at: at,
      erase_at: afterDays(at, keepDays),
      delete_at: afterDays(at, Math.max(keepDays, exam.policy.retentionDays)),
    });
    // A concurrent request was first.
    if (!row) return;
    await appendAudit(tx, {
      type: 'CHECK_IN_OPENED',
      entityId: examId,
      actor: studentId,
      at,
      payload: { ...namedIn(row), wants: CHECK_IN_PICTURES.filter((kind) => row.wants[kind]), keepDays },
    });
  });
}
