import { type Kysely, sql } from 'kysely';

/**
 * Conversation of a student and the staff of the exam: hand and unread messages with the session, for the wall; an index
 * of its events; and the templates of an exam.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE sessions ADD COLUMN conversation jsonb`.execute(db);
  await sql`ALTER TABLE exams ADD COLUMN message_templates jsonb`.execute(db);
  await sql`CREATE INDEX events_conversation ON events (session_id, seq)
    WHERE type IN ('STUDENT_MESSAGE', 'HAND_RAISED', 'HAND_LOWERED', 'PROCTOR_MESSAGE')`.execute(db);
}
