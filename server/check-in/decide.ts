import { createHash } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import { appendAudit } from '../../db/audit/append.ts';
import { countPictures, missingKinds, presentKinds } from './kinds.ts';
import { listCheckInPictures } from '../../db/check-in-pictures.ts';
import {
  changeCheckIn,
  type CheckInRow,
  findKeyedDecision,
  insertCheckInDecision,
  listCheckInDecisions,
  lockCheckIn,
} from '../../db/check-ins.ts';
import type { Tx } from '../../db/executor.ts';
import type { CheckInDecisionName, CheckInPictureKind, CheckInState } from '../../protocol/check-in-bounds.ts';
import { badField, ProtocolError } from '../../protocol/errors.ts';
import type { CheckInDecisionBody } from '../../protocol/http/check-in.ts';
import { afterDays } from '../after-days.ts';
import { noCheckIn } from '../access/refused.ts';
import { commitTo } from '../session/record/review-records.ts';
import { type CheckInParts, namedIn, wrongState } from './parts.ts';

/** States in which each decision can be made, and the state that it leads to. */
const DECISIONS: Readonly<
  Record<CheckInDecisionName, { readonly from: readonly CheckInState[]; readonly to: CheckInState }>
> = {
  admit: { from: ['waiting', 'held'], to: 'admitted' },
  hold: { from: ['waiting', 'held', 'admitted'], to: 'held' },
  refuse: { from: ['waiting', 'held', 'admitted'], to: 'refused' },
  reopen: { from: ['refused'], to: 'held' },
};

const WHAT: Readonly<Record<CheckInDecisionName, string>> = {
  admit: 'admitted the student',
  hold: 'held the check-in',
  refuse: 'refused the check-in',
  reopen: 'reopened the check-in',
};

const digestOf = (...parts: readonly string[]) => createHash('sha256').update(parts.join('\n')).digest();

/** @throws ProtocolError `check_in_changed`, with who did what, and the state now */
async function checkSeen(tx: Tx, row: CheckInRow, revision: number): Promise<void> {
  if (row.revision === revision) return;
  const [newest] = await listCheckInDecisions(tx, row.id, 1);
  const isDecided = newest && newest.created_at.getTime() === row.since.getTime();
  const what = row.session_id
    ? 'the exam was started with it'
    : isDecided
      ? `${newest.by_name} ${WHAT[newest.decision]}`
      : `its state is ${row.state}`;
  throw new ProtocolError('check_in_changed', `the check-in has changed meanwhile: ${what}`, { ref: row.state });
}

/** @throws ProtocolError `check_in_state` */
function checkState(row: CheckInRow, decision: CheckInDecisionName): void {
  if (row.session_id !== null) throw wrongState(row, 'the exam was started with this check-in');
  if (row.closed_at !== null) throw wrongState(row, 'the check-in is over');
  if (!DECISIONS[decision].from.includes(row.state))
    throw wrongState(row, `a check-in that is ${row.state} is not open to this decision`);
}

/** The student could not take it, and would be told for ever that it is missing. @throws ProtocolError `bad_request` */
function checkRetake({ wants }: CheckInRow, retake: readonly CheckInPictureKind[]): void {
  const other = retake.findIndex((kind) => !wants[kind]);
  if (other !== -1) throw badField(`body.retake.${other}`, 'is not asked for by the exam');
}

/**
 * A decision of staff, under the lock of the check-in: of two at once, the second is told of the first.
 * @param key the same one again changes nothing
 * @returns whether it was given before
 * @throws ProtocolError `not_found`, `check_in_changed`, `check_in_state`, `bad_request`, `idempotency_conflict`
 */
export function decideCheckIn(
  { db, clock }: Pick<CheckInParts, 'db' | 'clock'>,
  by: string,
  id: string,
  body: CheckInDecisionBody,
  key: string | undefined,
): Promise<boolean> {
  const { decision, revision, reason, retake } = body;
  const keyDigest = key === undefined ? null : digestOf('check-in', id, by, key);
  const bodyDigest = keyDigest && digestOf(JSON.stringify([decision, revision, reason, retake]));
  return db.transaction().execute(async (tx) => {
    const row = await lockCheckIn(tx, id);
    if (!row) throw noCheckIn();
    const given = keyDigest && (await findKeyedDecision(tx, keyDigest));
    if (given && bodyDigest) {
      if (given.body_digest && bodyDigest.equals(given.body_digest)) return true;
      throw new ProtocolError('idempotency_conflict', 'this Idempotency-Key was used for another decision');
    }
    await checkSeen(tx, row, revision);
    checkState(row, decision);
    checkRetake(row, retake);
    const counts = countPictures((await listCheckInPictures(tx, id)).filter(({ submitted }) => submitted));
    const [shown, missing] = [presentKinds(counts), missingKinds(row.wants, counts)];
    if (decision === 'admit' && missing.length > 0 && reason === undefined)
      throw badField('body.reason', 'is required: something is missing');
    const at = new Date(clock());
    const commitment = reason === undefined ? undefined : commitTo(reason);
    const decisionId = uuidv7();
    await insertCheckInDecision(tx, {
      id: decisionId,
      check_in_id: id,
      decision,
      reason: reason ?? null,
      reason_salt: commitment?.salt ?? null,
      retake,
      shown,
      missing,
      by,
      created_at: at,
      key_digest: keyDigest,
      body_digest: bodyDigest,
    });
    await changeCheckIn(tx, id, {
      state: DECISIONS[decision].to,
      since: at,
      retake,
      ...(row.erased_at === null && { erase_at: afterDays(at, row.wants.keepDays) }),
    });
    await appendAudit(tx, {
      type: 'CHECK_IN_DECIDED',
      entityId: row.exam_id,
      actor: by,
      at,
      payload: {
        ...namedIn(row),
        decisionId,
        decision,
        shown,
        missing,
        ...(retake.length > 0 && { retake }),
        ...(commitment && { reasonDigest: commitment.digest }),
      },
    });
    return false;
  });
}
