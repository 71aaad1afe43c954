import { appendAudit } from '../../db/audit/append.ts';
import { listDueExams, lockExam, setExamStatus } from '../../db/exams.ts';
import type { Db } from '../../db/executor.ts';
import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import { statusAt } from '../session/live/exam-window.ts';

/** Exams per sweep; the rest follow with the next. */
const LIMIT = 200;

export interface ExamScheduleParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Opens scheduled exams at their start and closes active ones at their end. Sessions that run continue to their own
 * deadlines. Starts do not wait for it: they judge by the times themselves.
 */
export class ExamSchedule {
  readonly #parts: ExamScheduleParts;
  #running = false;

  constructor(parts: ExamScheduleParts) {
    this.#parts = parts;
  }

  /** Never rejects; returns at once while the previous sweep is under way. */
  async sweep(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    try {
      const due = await listDueExams(this.#parts.db, new Date(this.#parts.clock()), LIMIT);
      for (const id of due) await this.#follow(id);
    } catch (error) {
      this.#parts.log.debug({ err: error }, 'exams could not follow their schedule');
    } finally {
      this.#running = false;
    }
  }

  async #follow(id: string): Promise<void> {
    const { db, clock, log } = this.#parts;
    const step = await db.transaction().execute(async (tx) => {
      const exam = await lockExam(tx, id, 'update');
      const at = new Date(clock());
      const to = exam && statusAt(exam, at.getTime());
      // Changed by a person, or followed by another process, since it was listed.
      if (!exam || !to || to === exam.status) return undefined;
      await setExamStatus(tx, id, to, at);
      await appendAudit(tx, {
        type: 'EXAM_STATUS_CHANGED',
        entityId: id,
        actor: null,
        at,
        payload: { from: exam.status, to, by: 'schedule' },
      });
      return { from: exam.status, to };
    });
    if (step) log.info({ exam: id, ...step }, 'exam followed its schedule');
  }
}
