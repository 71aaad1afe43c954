import { type Kysely, sql } from 'kysely';
import { expect, test } from 'vitest';
import { uuidv7 } from 'uuidv7';
import { deleteExam } from '../../../db/delete-exam.ts';
import { saveEvents } from '../../../db/events.ts';
import {
  addSessionKey,
  deleteEvidence,
  deleteSessionKeys,
  type EvidenceRow,
  findEvidence,
  findExpiredEvidence,
  findSessionKey,
  insertEvidence,
  knownObjects,
  listEvidence,
  listSessionEvidence,
} from '../../../db/evidence.ts';
import type { Db } from '../../../db/executor.ts';
import * as migration from '../../../db/migrations/0006-evidence.ts';
import { saveTotals } from '../../../db/sessions.ts';
import { Policy } from '../../../protocol/policy.ts';
import { makeEvent, makeExam, makeSession, randomHash, T0, totalsOf } from '../../support/rows.ts';

const DAY_MS = 24 * 3_600_000;

export function evidence(database: () => Db): void {
  async function pictured() {
    const session = await makeSession(database());
    const event = makeEvent(session.id);
    await saveEvents(database(), [event]);
    const picture = (more: Partial<EvidenceRow> = {}): EvidenceRow => {
      const id = uuidv7();
      return {
        id,
        session_id: session.id,
        event_id: event.id,
        kind: 'opened',
        at: new Date(T0),
        bytes: 40_000,
        digest: randomHash(),
        object_key: id,
        ...more,
      };
    };
    return { session, event, picture };
  }

  test('evidence reads back in the order of frames, and writing it again changes nothing', async () => {
    const { event, picture } = await pictured();
    const [closed, opened] = [picture({ kind: 'closed', at: new Date(T0 + 1) }), picture()];
    await insertEvidence(database(), [closed]);
    await insertEvidence(database(), [closed, opened]);
    const rows = await listEvidence(database(), event.id);
    expect(rows.map((row) => ({ ...row, digest: Buffer.from(row.digest).toString('hex') }))).toEqual(
      [opened, closed].map((row) => ({ ...row, digest: Buffer.from(row.digest).toString('hex') })),
    );
    expect((await findEvidence(database(), opened.id))?.kind).toBe('opened');
  });

  test('evidence is unique per event and kind, and needs an existing event', async () => {
    const { event, picture } = await pictured();
    await insertEvidence(database(), [picture(), picture(), picture({ event_id: uuidv7() })]);
    expect((await listEvidence(database(), event.id)).length).toBe(1);
  });

  test('the first key of a session is kept', async () => {
    const { session } = await pictured();
    expect(await findSessionKey(database(), session.id)).toBeUndefined();
    const [first, second] = [randomHash(), randomHash()];
    expect(Buffer.from(await addSessionKey(database(), session.id, first)).equals(first)).toBe(true);
    expect(Buffer.from(await addSessionKey(database(), session.id, second)).equals(first)).toBe(true);
    expect(await deleteSessionKeys(database(), [session.id])).toEqual([session.id]);
    expect(await findSessionKey(database(), session.id)).toBeUndefined();
  });

  test('evidence expires after its own days or those of its ended session, while any is left', async () => {
    const made = await Promise.all(
      [Policy.parse({ retentionDays: 60, evidence: { retentionDays: 10 } }), Policy.parse({ retentionDays: 20 })].map(
        async (policy) => {
          const { session, picture } = await pictured();
          await database()
            .updateTable('sessions')
            .set({ policy: JSON.stringify(policy) })
            .where('id', '=', session.id)
            .execute();
          return { session, row: picture() };
        },
      ),
    );
    const [short, long] = made as [(typeof made)[0], (typeof made)[0]];
    await insertEvidence(
      database(),
      made.map(({ row }) => row),
    );
    const after = async (days: number) =>
      (await findExpiredEvidence(database(), new Date(T0 + days * DAY_MS), 1000)).filter((id) =>
        made.some(({ session }) => session.id === id),
      );
    expect(await after(100)).toEqual([]);
    await saveTotals(
      database(),
      made.map(({ session }) => totalsOf(session, { status: 'ended', ended_at: new Date(T0), end_reason: 'ended' })),
    );
    expect([await after(9), await after(10), (await after(20)).toSorted()]).toEqual([
      [],
      [short.session.id],
      [short.session.id, long.session.id].toSorted(),
    ]);
    await deleteEvidence(database(), [short.row.id]);
    expect(await after(10)).toEqual([]);
    await addSessionKey(database(), short.session.id, randomHash());
    expect(await after(10)).toEqual([short.session.id]);
  });

  test('objects are found by session and deleted with their exam', async () => {
    const examId = await makeExam(database());
    const session = await makeSession(database(), { examId });
    const event = makeEvent(session.id);
    await saveEvents(database(), [event]);
    const id = uuidv7();
    await insertEvidence(database(), [
      {
        id,
        session_id: session.id,
        event_id: event.id,
        kind: 'opened',
        at: new Date(T0),
        bytes: 1,
        digest: randomHash(),
        object_key: id,
      },
    ]);
    await addSessionKey(database(), session.id, randomHash());
    expect((await listSessionEvidence(database(), [session.id])).map(({ object_key }) => object_key)).toEqual([id]);
    expect(await knownObjects(database(), [id, uuidv7()])).toEqual(new Set([id]));
    await deleteExam(database(), examId);
    expect([
      await knownObjects(database(), [id]),
      await findSessionKey(database(), session.id),
      await listSessionEvidence(database(), [session.id]),
    ]).toEqual([new Set(), undefined, []]);
  });

  test('migrated policies store no images, and explicit settings are kept', async () => {
    const { session } = await pictured();
    const other = await makeSession(database());
    await sql`UPDATE sessions SET policy = policy - 'evidence' WHERE id = ${session.id}`.execute(database());
    const rollback = new Error('rolled back');
    const tried = database()
      .transaction()
      .execute(async (tx) => {
        await sql`DROP TABLE evidence, session_keys`.execute(tx);
        await migration.up(tx as unknown as Kysely<unknown>);
        const rows = await tx
          .selectFrom('sessions')
          .select(['id', 'policy'])
          .where('id', 'in', [session.id, other.id])
          .execute();
        const kept = (id: string) => rows.find((row) => row.id === id)!.policy.evidence;
        expect([kept(session.id), kept(other.id)]).toEqual([{ keep: false }, { keep: true, startPicture: false }]);
        throw rollback;
      });
    await expect(tried).rejects.toBe(rollback);
  });
}
