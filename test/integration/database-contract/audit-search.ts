import { expect, test } from 'vitest';
import { uuidv7 } from 'uuidv7';
import { appendAudits, type NewAuditEntry } from '../../../db/audit/append.ts';
import { type AuditRange, type AuditSubject, readFound, searchAudit } from '../../../db/audit/search.ts';
import { insertEvidence } from '../../../db/evidence.ts';
import type { Db } from '../../../db/executor.ts';
import { kindsOf } from '../../../protocol/audit-kinds.ts';
import { SECURITY_ID } from '../../../protocol/http/audit.ts';
import { makeEvent, makeExam, makeSession, makeUser, T0 } from '../../support/rows.ts';
import { saveEvents } from '../../../db/events.ts';

const MINUTE_MS = 60_000;
let minutes = 0;
/** A minute after the previous one. */
const next = () => new Date(T0 + (minutes += 1) * MINUTE_MS);

export function auditSearch(database: () => Db): void {
  const append = (...entries: Omit<NewAuditEntry, 'at'>[]) =>
    database()
      .transaction()
      .execute((tx) =>
        appendAudits(
          tx,
          entries.map((entry) => ({ ...entry, at: next() })),
        ),
      );
  const security = (kind: string, actor: string | null, target: string): Omit<NewAuditEntry, 'at'> => ({
    type: 'SECURITY',
    entityId: SECURITY_ID,
    actor,
    payload: { kind, target, count: 1 },
  });
  const admin = { userId: uuidv7(), role: 'admin', organisationId: uuidv7() } as const;
  const find = async (subject: AuditSubject, more: Partial<AuditRange> = {}) => {
    const range: AuditRange = {
      kinds: undefined,
      from: undefined,
      to: undefined,
      after: undefined,
      above: undefined,
      limit: 50,
      seenBy: admin,
      ...more,
    };
    return readFound(database(), await searchAudit(database(), subject, range), 1024);
  };
  const kinds = async (subject: AuditSubject, more: Partial<AuditRange> = {}) =>
    (await find(subject, more)).map(({ kind }) => kind);

  /** A session with a picture that a proctor has watched, opened and judged. */
  async function watched() {
    const db = database();
    const [exam, proctor, session] = [await makeExam(db), (await makeUser(db, 'proctor')).id, await makeSession(db)];
    const own = await makeSession(db, { examId: exam });
    const event = makeEvent(own.id);
    await saveEvents(db, [event]);
    await insertEvidence(db, [
      {
        id: uuidv7(),
        session_id: own.id,
        event_id: event.id,
        kind: 'opened',
        at: new Date(T0),
        bytes: 1000,
        digest: Buffer.alloc(32),
        object_key: uuidv7(),
      },
    ]);
    await append(
      { type: 'EXAM_CREATED', entityId: exam, actor: admin.userId },
      { type: 'SESSION_STARTED', entityId: own.id, actor: own.student_id, payload: { examId: exam } },
      {
        type: 'SESSION_STARTED',
        entityId: session.id,
        actor: session.student_id,
        payload: { examId: session.exam_id },
      },
      security('camera_watched', proctor, own.id),
      security('pictures_listed', proctor, event.id),
      {
        type: 'EVIDENCE_VIEWED',
        entityId: own.id,
        actor: proctor,
        payload: { evidenceId: uuidv7(), eventId: event.id },
      },
      security('login', own.student_id, uuidv7()),
      { type: 'VERDICT_GIVEN', entityId: own.id, actor: proctor },
    );
    return { exam, proctor, session: own, student: own.student_id, other: session };
  }

  test('a session has its acts, who watched it, and who listed and opened its pictures', async () => {
    const { session } = await watched();
    expect(await kinds({ session: session.id })).toEqual([
      'VERDICT_GIVEN',
      'EVIDENCE_VIEWED',
      'pictures_listed',
      'camera_watched',
      'SESSION_STARTED',
    ]);
    expect(await kinds({ session: session.id }, { kinds: kindsOf('pictures') })).toEqual([
      'EVIDENCE_VIEWED',
      'pictures_listed',
    ]);
  });

  test('an exam has its own acts and those of its sessions', async () => {
    const { exam, proctor, student } = await watched();
    expect(await kinds({ exam })).toEqual([
      'VERDICT_GIVEN',
      'EVIDENCE_VIEWED',
      'pictures_listed',
      'camera_watched',
      'SESSION_STARTED',
      'EXAM_CREATED',
    ]);
    expect(await kinds({ exam, person: proctor })).toEqual(await kinds({ person: proctor }));
    expect(await kinds({ exam }, { kinds: ['EXAM_CREATED'] })).toEqual(['EXAM_CREATED']);
    expect((await kinds({ exam, person: student })).toSorted()).toEqual([
      'EVIDENCE_VIEWED',
      'SESSION_STARTED',
      'VERDICT_GIVEN',
    ]);
  });

  test('a person has the acts by them, about them, and about their sessions', async () => {
    const { proctor, student, exam } = await watched();
    await append(
      { type: 'ENROLMENTS_IMPORTED', entityId: exam, actor: null, payload: { studentIds: [uuidv7(), student] } },
      { type: 'USER_DISABLED', entityId: student, actor: admin.userId },
      { type: 'STAFF_ASSIGNED', entityId: exam, actor: admin.userId, payload: { userId: proctor, wholeExam: true } },
    );
    expect(await kinds({ person: student })).toEqual([
      'USER_DISABLED',
      'ENROLMENTS_IMPORTED',
      'VERDICT_GIVEN',
      'login',
      'EVIDENCE_VIEWED',
      'pictures_listed',
      'camera_watched',
      'SESSION_STARTED',
    ]);
    expect(await kinds({ person: proctor })).toEqual([
      'STAFF_ASSIGNED',
      'VERDICT_GIVEN',
      'EVIDENCE_VIEWED',
      'pictures_listed',
      'camera_watched',
    ]);
  });

  test('pages follow each other without gaps or repetitions, for every subject', async () => {
    const { exam, proctor, session } = await watched();
    for (let i = 0; i < 12; i++)
      await append({ type: 'COMMAND_GIVEN', entityId: session.id, actor: proctor, payload: { do: 'message' } });
    for (const subject of [{}, { exam }, { person: proctor }, { session: session.id }]) {
      const whole = (await find(subject, { limit: 17 })).map(({ id }) => id);
      const paged: string[] = [];
      for (let after: AuditRange['after']; paged.length < whole.length;) {
        const page = await find(subject, { limit: 5, after });
        paged.push(...page.map(({ id }) => id));
        after = page.at(-1);
        if (!after) break;
      }
      expect(paged.slice(0, whole.length), JSON.stringify(subject)).toEqual(whole);
    }
  });

  test('kinds and times select entries across the whole log', async () => {
    const from = next();
    const { proctor } = await watched();
    const to = next();
    await watched();
    expect(await kinds({}, { from, to, kinds: kindsOf('watching') })).toEqual(['camera_watched']);
    expect(await kinds({ person: proctor }, { from: to })).toEqual([]);
    expect(await kinds({}, { from, to, kinds: ['login_failed'] })).toEqual([]);
  });

  test('a deleted session stays findable by its id, its exam and its student', async () => {
    const [exam, student, gone] = [uuidv7(), uuidv7(), uuidv7()];
    await append(
      { type: 'SESSION_STARTED', entityId: gone, actor: student, payload: { examId: exam } },
      { type: 'SESSION_DELETED', entityId: gone, actor: null, payload: { reason: 'retention' } },
    );
    for (const subject of [{ session: gone }, { exam }, { person: student }])
      expect(await kinds(subject), JSON.stringify(subject)).toEqual(['SESSION_DELETED', 'SESSION_STARTED']);
  });

  test('nobody finds entries of their own session, and managers none of other organisations or of security', async () => {
    const { exam, student, session, proctor } = await watched();
    const seenBy = { userId: student, role: 'admin', organisationId: admin.organisationId } as const;
    expect(await kinds({ exam }, { seenBy })).not.toContain('VERDICT_GIVEN');
    const { organisation_id: organisationId } = await database()
      .selectFrom('exams')
      .select('organisation_id')
      .where('id', '=', exam)
      .executeTakeFirstOrThrow();
    const manager = { userId: uuidv7(), role: 'manager', organisationId } as const;
    expect(await kinds({ person: proctor }, { seenBy: manager })).toEqual(['VERDICT_GIVEN', 'EVIDENCE_VIEWED']);
    expect(await kinds({ session: session.id }, { seenBy: { ...manager, organisationId: uuidv7() } })).toEqual([]);
    expect(await kinds({ exam }, { seenBy: { ...manager, organisationId: uuidv7() } })).toEqual([]);
  });

  test('an entry with an odd payload is stored and found by its type', async () => {
    const at = next();
    await append({ type: 'SECURITY', entityId: SECURITY_ID, actor: null, payload: { kind: 17, target: 'Größe "x' } });
    expect(await kinds({}, { from: at })).toEqual(['SECURITY']);
  });
}
