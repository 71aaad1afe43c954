import { randomBytes } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import { appendAudits } from '../../db/audit.ts';
import { type EventWrite, saveEvents } from '../../db/events.ts';
import { insertExam } from '../../db/exams.ts';
import type { Db } from '../../db/executor.ts';
import { insertSession } from '../../db/sessions.ts';
import { insertUser } from '../../db/users.ts';
import { Policy } from '../../protocol/policy.ts';

export interface StoredLogOptions {
  readonly entries: number;
  readonly entriesASession: number;
  readonly eventsAnEntry: number;
}

export interface StoredLog {
  readonly exam: string;
  readonly sessions: readonly string[];
}

/** Sessions of one transaction. */
const AT_ONCE = 250;

/**
 * A log of events in a database, with the sessions and the events that it speaks of: what a server would have written,
 * by the same functions.
 */
export async function storeLog(
  db: Db,
  { entries, entriesASession, eventsAnEntry }: StoredLogOptions,
): Promise<StoredLog> {
  const at = new Date();
  const policy = Policy.parse({});
  const exam = {
    id: uuidv7(),
    title: 'A long log',
    starts_at: null,
    ends_at: null,
    duration_minutes: null,
    status: 'active' as const,
    policy,
    created_at: at,
  };
  const author = await addUser(db, 'proctor');
  await insertExam(db, { ...exam, created_by: author });
  const sessions: { id: string; salt: Uint8Array; seq: number }[] = [];
  while (sessions.length * entriesASession < entries) {
    const id = uuidv7();
    const row = await insertSession(db, {
      id,
      exam_id: exam.id,
      student_id: await addUser(db, 'student'),
      policy,
      policy_version: 1,
      started_at: at,
      deadline: null,
    });
    sessions.push({ id, salt: row!.audit_salt, seq: 0 });
  }
  for (let written = 0; written < entries;) {
    for (let from = 0; from < sessions.length && written < entries; from += AT_ONCE) {
      const stored = sessions.slice(from, Math.min(from + AT_ONCE, from + entries - written)).map((session) => ({
        sessionId: session.id,
        salt: session.salt,
        events: Array.from({ length: eventsAnEntry }, () => eventOf(session.id, (session.seq += 1), at)),
      }));
      await db.transaction().execute(async (tx) => {
        await saveEvents(
          tx,
          stored.flatMap(({ events }) => events),
        );
        await appendAudits(tx, [], stored, at);
      });
      written += stored.length;
    }
  }
  return { exam: exam.id, sessions: sessions.map(({ id }) => id) };
}

async function addUser(db: Db, role: 'student' | 'proctor'): Promise<string> {
  const id = uuidv7();
  await insertUser(db, { id, email: `${id}@example.org`, name: 'Somebody', role, password_hash: 'none' });
  return id;
}

/** A signal, as a client reports it. */
const eventOf = (session: string, seq: number, at: Date): EventWrite => ({
  id: uuidv7(),
  session_id: session,
  seq,
  change_offset: seq,
  type: 'TAB_SWITCH',
  source: 'client',
  severity: 'medium',
  weight: 3,
  started_at: at,
  ended_at: at,
  duration_ms: 0,
  confidence: null,
  details: { clientAt: at.toISOString(), data: { visible: false } },
  review: null,
  stream: null,
  client_seq: null,
  body_digest: randomBytes(32).toString('base64url'),
});
