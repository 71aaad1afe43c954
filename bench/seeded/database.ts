import { randomBytes } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import { appendAudits } from '../../db/audit/append.ts';
import { insertExam } from '../../db/exams.ts';
import type { Db, Executor } from '../../db/executor.ts';
import { migrate } from '../../db/migrate.ts';
import { openDatabase } from '../../db/open.ts';
import { insertLogin } from '../../db/logins.ts';
import { insertSession } from '../../db/sessions.ts';
import { insertUser } from '../../db/users.ts';
import { Policy, type PolicyInput } from '../../protocol/policy.ts';
import { Passwords } from '../../server/auth/passwords/passwords.ts';
import { emptyDatabase } from '../../simulator/server/empty-database.ts';
import { newPassword } from '../../simulator/server/own-server.ts';
import { temporaryFolder } from '../../simulator/server/server-process.ts';

/** Students per transaction. */
const AT_ONCE = 500;
const DAY_MS = 24 * 3600 * 1000;

export interface SeededLogin {
  readonly user: string;
  readonly login: string;
}

/** A student with a login and a live attempt. */
export interface SeededStudent extends SeededLogin {
  readonly session: string;
}

export interface SeededExam {
  readonly id: string;
  /** The proctor who authored the exam. */
  readonly author: SeededLogin;
}

export interface Sitting {
  readonly students: number;
  /** Overrides of the default policy. */
  readonly policy: PolicyInput;
  /** Frames per second, sent and analysed, not limited to the authors' maximum of 15; default: that of the policy. */
  readonly fps?: number | undefined;
}

export interface SeededDatabase {
  /** Undefined: the embedded database in the folder. */
  readonly url: string | undefined;
  readonly folder: string;
  /** Signing secret of the students' tokens, which the server must use. */
  readonly secret: string;
  /** Per sitting. */
  readonly students: readonly (readonly SeededStudent[])[];
  readonly exams: readonly SeededExam[];
  readonly admin: SeededLogin;
  remove(): Promise<void>;
}

/**
 * Creates a database with accounts, logins and live sessions before any server starts. The same rows as from the API,
 * by the same functions, except for the passwords: hashing them for 10,000 accounts would take minutes, so all share
 * one.
 * @param server PostgreSQL where databases can be created; undefined: the embedded database
 */
export async function seedDatabase(server: string | undefined, sittings: readonly Sitting[]): Promise<SeededDatabase> {
  const folder = temporaryFolder();
  const database = server === undefined ? undefined : await emptyDatabase(server);
  const remove = async (): Promise<void> => {
    await database?.drop();
    folder.remove();
  };
  try {
    const open = await openDatabase({ url: database?.url, dataDir: folder.path });
    try {
      await migrate(open.db);
      const passwordHash = await new Passwords().hash(newPassword());
      const admin = await insertStaff(open.db, 'admin', passwordHash);
      const seeded: { exam: SeededExam; students: SeededStudent[] }[] = [];
      for (const sitting of sittings) seeded.push(await seedSitting(open.db, sitting, passwordHash));
      const [students, exams] = [seeded.map((one) => one.students), seeded.map(({ exam }) => exam)];
      return {
        url: database?.url,
        folder: folder.path,
        secret: randomBytes(32).toString('base64url'),
        students,
        exams,
        admin,
        remove,
      };
    } finally {
      await open.close();
    }
  } catch (error) {
    await remove();
    throw error;
  }
}

async function seedSitting(
  db: Db,
  { students: count, policy, fps }: Sitting,
  passwordHash: string,
): Promise<{ exam: SeededExam; students: SeededStudent[] }> {
  const parsed = Policy.parse(policy);
  const watched: Policy =
    fps === undefined ? parsed : { ...parsed, frames: { ...parsed.frames, sendFps: fps, analyseFps: fps } };
  const author = await insertStaff(db, 'proctor', passwordHash);
  const exam = {
    id: uuidv7(),
    title: 'Benchmark',
    starts_at: null,
    ends_at: null,
    duration_minutes: null,
    status: 'active' as const,
    created_by: author.user,
    created_at: new Date(),
  };
  await insertExam(db, { ...exam, policy: watched });
  const all: SeededStudent[] = [];
  while (all.length < count) {
    const some = Array.from({ length: Math.min(AT_ONCE, count - all.length) }, (): SeededStudent => ({
      user: uuidv7(),
      login: uuidv7(),
      session: uuidv7(),
    }));
    await insertStudents(db, some, { exam: exam.id, policy: watched, passwordHash });
    all.push(...some);
  }
  return { exam: { id: exam.id, author }, students: all };
}

async function insertStaff(db: Db, role: 'proctor' | 'admin', passwordHash: string): Promise<SeededLogin> {
  const who: SeededLogin = { user: uuidv7(), login: uuidv7() };
  await insertUser(db, {
    id: who.user,
    email: `${who.user}@example.org`,
    name: role === 'admin' ? 'Admin' : 'Author',
    role,
    password_hash: passwordHash,
  });
  await beginLogin(db, who, new Date());
  return who;
}

async function beginLogin(ex: Executor, { user, login }: SeededLogin, now: Date): Promise<void> {
  const end = new Date(now.getTime() + DAY_MS);
  await insertLogin(ex, {
    id: login,
    user_id: user,
    created_at: now,
    idle_until: end,
    expires_at: end,
    salt: randomBytes(32),
  });
}

function insertStudents(
  db: Db,
  students: readonly SeededStudent[],
  { exam, policy, passwordHash }: { exam: string; policy: Policy; passwordHash: string },
): Promise<void> {
  const now = new Date();
  return db.transaction().execute(async (tx) => {
    for (const { user, login, session } of students) {
      await insertUser(tx, {
        id: user,
        email: `${user}@example.org`,
        name: 'Student',
        role: 'student',
        password_hash: passwordHash,
      });
      await beginLogin(tx, { user, login }, now);
      await insertSession(tx, {
        id: session,
        exam_id: exam,
        student_id: user,
        policy,
        policy_version: 1,
        started_at: now,
        deadline: null,
      });
    }
    await appendAudits(
      tx,
      students.map(({ user, session }) => ({
        type: 'SESSION_STARTED',
        entityId: session,
        actor: user,
        at: now,
        payload: { examId: exam, policyVersion: 1 },
      })),
    );
  });
}
