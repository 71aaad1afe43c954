import { randomInt } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import { insertExam } from '../../db/exams.ts';
import type { Db } from '../../db/executor.ts';
import { insertPeople, saveEnrolments } from '../../db/imports.ts';
import { openDatabase } from '../../db/open.ts';
import { insertSession, saveTotals } from '../../db/sessions.ts';
import { findUser, insertUser } from '../../db/users.ts';
import type { AttentionState } from '../../db/schema/attention-state.ts';
import { CALM } from '../../protocol/attention.ts';
import { LEVELS } from '../../protocol/event-types.ts';
import { Policy } from '../../protocol/policy.ts';
import { seedEvents } from './seed-events.ts';
import { seedLog } from './seed-log.ts';
import { type SeededDatabase, type SeededLogin, seedDatabase } from '../seeded/database.ts';

/** Rows of one installation. */
export interface Sizes {
  readonly people: number;
  readonly sessions: number;
}

/** Sessions of one exam. */
const OF_EXAM = 500;
/** In every installation so many run, in exams of their own: their attention follows from the time. */
const RUNNING = 1000;
const PROCTORS = 20;
const ROOMS = ['A', 'B', 'C', 'D', 'E'];
/** Rows per transaction. */
const AT_ONCE = 500;
const MINUTE_MS = 60_000;

const FIRST = ['Ana', 'José', 'Zoë', 'Łukasz', 'Noor', 'Mia', 'Omar', 'Søren', 'Yuki', 'Elif', 'Amélie', 'Ivan'];
const LAST = ['García', 'Müller', 'Nguyen', 'O’Neill', 'Kowalski', 'Haddad', 'Sørensen', 'Tanaka', 'Yılmaz', 'Dubois'];

export interface SeededLists {
  readonly database: SeededDatabase;
  readonly admin: SeededLogin;
  /** The newest exam, with `OF_EXAM` students, and one of them with a session in it. */
  readonly exam: string;
  readonly student: string;
  /** Acted in every twentieth session. */
  readonly proctor: string;
}

/** @param server PostgreSQL where databases can be created; undefined: the embedded database */
export async function seedLists(
  server: string | undefined,
  { people, sessions }: Sizes,
  say: (line: string) => void,
): Promise<SeededLists> {
  const database = await seedDatabase(server, []);
  try {
    const open = await openDatabase({ url: database.url, dataDir: database.folder });
    try {
      const students = await seedPeople(
        open.db,
        people,
        (await findUser(open.db, database.admin.user))!.organisation_id,
      );
      say(`${people} people`);
      let exam = '';
      for (let first = 0; first < sessions; first += OF_EXAM) {
        const sitting = Array.from(
          { length: Math.min(OF_EXAM, sessions - first) },
          (_, i) => students[(first + i) % people]!,
        );
        exam = await seedExam(open.db, database.admin.user, first / OF_EXAM, sitting);
      }
      // Older than the others, so that the newest exam is one of those.
      for (let first = 0; first < Math.min(RUNNING, people); first += OF_EXAM)
        await seedExam(
          open.db,
          database.admin.user,
          sessions / OF_EXAM + first / OF_EXAM,
          students.slice(first, first + OF_EXAM),
          true,
        );
      say(`${sessions} sessions, and ${RUNNING} that run`);
      say(`${await seedEvents(open.db)} events`);
      const proctors = await seedProctors(open.db);
      say(`${await seedLog(open.db, proctors)} entries of the audit log`);
      return {
        database,
        admin: database.admin,
        exam,
        student: students[(sessions - 1) % people]!,
        proctor: proctors[0]!,
      };
    } finally {
      await open.close();
    }
  } catch (error) {
    await database.remove();
    throw error;
  }
}

async function seedPeople(db: Db, count: number, organisation_id: string): Promise<string[]> {
  const ids: string[] = [];
  while (ids.length < count) {
    const people = Array.from({ length: Math.min(AT_ONCE, count - ids.length) }, () => {
      const id = uuidv7();
      const n = ids.push(id);
      const name = `${FIRST[n % FIRST.length]} ${LAST[randomInt(LAST.length)]} ${n}`;
      const numbers = { student_number: null, external_id: null };
      return { id, email: `s${n}@example.org`, name, role: 'student' as const, organisation_id, ...numbers };
    });
    await insertPeople(db, people, 'none');
  }
  return ids;
}

async function seedProctors(db: Db): Promise<string[]> {
  const ids = Array.from({ length: PROCTORS }, () => uuidv7());
  for (const [n, id] of ids.entries())
    await insertUser(db, {
      id,
      email: `p${n}@example.org`,
      name: `Proctor ${n}`,
      role: 'proctor',
      password_hash: 'none',
    });
  return ids;
}

/** A few kinds of events each, and of every tenth a gap that lasts. */
function attentionOf(n: number): AttentionState {
  const at = Date.now() - n * 1000;
  const parts = ['TAB_SWITCH', 'NO_FACE', 'LOOKING_AWAY', 'COPY'].map(
    (type, i) => [type, { sum: (n * (i + 3)) % 40, at, open: null }] as const,
  );
  const gap = n % 10 === 0 ? { CONNECTION_LOST: { sum: 0, at, open: at } } : {};
  return { parts: { ...Object.fromEntries(parts), ...gap }, peak: CALM };
}

async function seedExam(
  db: Db,
  author: string,
  number: number,
  students: readonly string[],
  running = false,
): Promise<string> {
  const id = uuidv7();
  const policy = Policy.parse({});
  const startedAt = new Date(Date.now() - (number + 1) * 24 * 60 * MINUTE_MS);
  await db.transaction().execute(async (tx) => {
    await insertExam(tx, {
      id,
      title: `Exam ${number}`,
      starts_at: null,
      ends_at: null,
      duration_minutes: null,
      status: 'active',
      policy,
      review_sample_percent: 5,
      created_by: author,
      created_at: startedAt,
    });
    const totals = [];
    for (const [n, student] of students.entries()) {
      const room = ROOMS[n % ROOMS.length]!;
      const session = { id: uuidv7(), exam_id: id, student_id: student, room, deadline: null };
      const row = (await insertSession(tx, { ...session, policy, policy_version: 1, started_at: startedAt }))!;
      const level = LEVELS[n % 20 === 0 ? 2 : n % 5 === 0 ? 1 : 0];
      const score = { Low: n % 3, Medium: 6 + (n % 3), High: 20 + (n % 30) }[level];
      totals.push({
        ...row,
        epoch: row.owner_epoch,
        ...(!running && {
          status: 'ended' as const,
          end_reason: 'finished' as const,
          ended_at: new Date(startedAt.getTime() + 60 * MINUTE_MS),
        }),
        ...(running && { attention_state: attentionOf(n) }),
        risk_score: score,
        attention: (number * 7 + n * 3) % 90,
        risk_level: level,
      });
    }
    const enrolled = totals.map(({ student_id, room }) => {
      const terms = { seat: null, extra_minutes: 0, accommodation_profile_id: null, before: null };
      return { exam_id: id, student_id, room, ...terms };
    });
    await saveEnrolments(tx, enrolled, { by: author, at: startedAt });
    await saveTotals(tx, totals);
  });
  return id;
}
