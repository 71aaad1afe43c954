import { sql } from 'kysely';
import type { Executor } from './executor.ts';

/** An exam that is open, or opens before a time. */
export interface ExpectedExamRow {
  readonly id: string;
  readonly title: string;
  readonly status: 'scheduled' | 'active';
  readonly starts_at: Date | null;
  readonly ends_at: Date | null;
  readonly duration_minutes: number | null;
  readonly late_start_minutes: number | null;
  readonly open_to: 'all' | 'enrolled';
  /** Enrolled students without an ended session. */
  readonly students: number;
}

/** Exams whose times touch a period, the earliest first. */
export async function listExpectedExams(
  ex: Executor,
  { from, to, limit }: { readonly from: Date; readonly to: Date; readonly limit: number },
): Promise<ExpectedExamRow[]> {
  const { rows } = await sql<ExpectedExamRow>`
    SELECT exam.*, (
      SELECT count(*)::integer FROM enrolments WHERE enrolments.exam_id = exam.id AND NOT EXISTS (
        SELECT FROM sessions WHERE sessions.exam_id = exam.id AND sessions.student_id = enrolments.student_id AND sessions.status = 'ended')
    ) AS students
    FROM (
      SELECT id, title, status, starts_at, ends_at, duration_minutes, late_start_minutes, open_to FROM exams
      WHERE status IN ('scheduled', 'active') AND (starts_at IS NULL OR starts_at < ${to}::timestamptz)
        AND (ends_at IS NULL OR ends_at > ${from}::timestamptz)
      ORDER BY starts_at NULLS LAST, id LIMIT ${limit}
    ) AS exam ORDER BY exam.starts_at NULLS LAST, exam.id`.execute(ex);
  return rows;
}
