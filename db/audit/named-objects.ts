import { sql } from 'kysely';
import type { Executor } from '../executor.ts';
import type { Viewer } from '../visibility.ts';

/** Object that an entry of the audit log names by its id. */
export interface NamedObject {
  readonly id: string;
  readonly type: 'user' | 'exam' | 'session' | 'event' | 'key' | 'profile' | 'organisation' | 'name_change';
  /** Name or title; of a session its student's name, of an event its type, of a changed name the new one. */
  readonly name: string;
  readonly exam_id: string | null;
  readonly exam_title: string | null;
  /** Of an event. */
  readonly session_id: string | null;
  readonly detail: string | null;
}

/** Those of these ids that exist and that the person may know: managers the ones of their organisation. */
export async function findNamed(ex: Executor, ids: readonly string[], who: Viewer): Promise<NamedObject[]> {
  if (ids.length === 0) return [];
  const isAdmin = who.role === 'admin';
  const own = (column: string) => (isAdmin ? sql`true` : sql`${sql.ref(column)} = ${who.organisationId}::uuid`);
  const { rows } = await sql<NamedObject>`
    WITH wanted AS MATERIALIZED (SELECT value::uuid AS id FROM json_array_elements_text(${JSON.stringify([...new Set(ids)])}::json) AS value)
    SELECT users.id, 'user' AS type, coalesce(nullif(users.name, ''), users.email) AS name, NULL::uuid AS exam_id, NULL::text AS exam_title,
      NULL::uuid AS session_id, users.role AS detail
    FROM wanted JOIN users USING (id) WHERE ${own('users.organisation_id')}
    UNION ALL SELECT exams.id, 'exam', exams.title, NULL, NULL, NULL, NULL
    FROM wanted JOIN exams USING (id) WHERE ${own('exams.organisation_id')}
    UNION ALL SELECT sessions.id, 'session', coalesce(nullif(users.name, ''), users.email), exams.id, exams.title, NULL, users.id::text
    FROM wanted JOIN sessions USING (id) JOIN exams ON exams.id = sessions.exam_id JOIN users ON users.id = sessions.student_id
    WHERE ${own('exams.organisation_id')}
    UNION ALL SELECT events.id, 'event', events.type, exams.id, exams.title, sessions.id, NULL
    FROM wanted JOIN events USING (id) JOIN sessions ON sessions.id = events.session_id JOIN exams ON exams.id = sessions.exam_id
    WHERE ${own('exams.organisation_id')}
    UNION ALL SELECT profiles.id, 'profile', profiles.name, NULL, NULL, NULL, profiles.kind
    FROM wanted JOIN profiles USING (id) WHERE ${own('profiles.organisation_id')}
    UNION ALL SELECT organisations.id, 'organisation', organisations.name, NULL, NULL, NULL, NULL
    FROM wanted JOIN organisations USING (id) WHERE ${own('organisations.id')}
    UNION ALL SELECT name_changes.id, 'name_change', name_changes.new_name, NULL, NULL, NULL, name_changes.old_name
    FROM wanted JOIN name_changes USING (id) JOIN users ON users.id = name_changes.user_id WHERE ${own('users.organisation_id')}
    UNION ALL SELECT api_keys.id, 'key', api_keys.name, NULL, NULL, NULL, NULL
    FROM wanted JOIN api_keys USING (id) WHERE ${isAdmin ? sql`true` : sql`false`}`.execute(ex);
  return rows;
}
