import pLimit from 'p-limit';
import type { Api } from '../../simulator/api.ts';
import { ApiError } from '../../simulator/api-error.ts';
import { pause, type Crowd } from '../../simulator/crowd.ts';

/** Maximum concurrent requests: exams of others take precedence. */
const AT_ONCE = 4;
const TRIES = 3;
const RETRY_MS = 1000;
/** Cleanup ends after this time, whatever is left, ms. */
const LIMIT_MS = 120_000;

/** Never deliverable: RFC 2606. */
const DOMAIN = 'load-test.invalid';

export const examTitle = (run: string): string => `Load test ${run} (to be deleted)`;
const addressesOf = (run: string): string => `load-test-${run}-*@${DOMAIN}`;

export const accountOf =
  (run: string) =>
  (index: number, script: string): { email: string; name: string } => ({
    email: `load-test-${run}-${index + 1}@${DOMAIN}`,
    name: `Load test ${run}, student ${index + 1} (${script})`,
  });

/** Objects created by a run on the server, and their removal. */
export class Belongings {
  readonly #admin: Api;
  readonly #run: string;
  #exam: string | undefined;
  #crowd: Crowd | undefined;

  constructor(admin: Api, run: string) {
    this.#admin = admin;
    this.#run = run;
  }

  made(exam: string, crowd: Crowd): void {
    this.#exam = exam;
    this.#crowd = crowd;
  }

  /**
   * Ends and deletes the exam with all its sessions, and disables the accounts, which cannot be deleted. Never rejects.
   * @returns descriptions of what remains
   */
  async remove(): Promise<string[]> {
    const late = AbortSignal.timeout(LIMIT_MS);
    return [
      ...(await this.#removeExam(late)),
      ...(await this.#disableAccounts(late)),
      'the audit log entries of all that, which are never removed',
    ];
  }

  async #removeExam(late: AbortSignal): Promise<string[]> {
    const id = this.#exam;
    if (id === undefined) return [];
    const error = await repeatedly(late, async () => {
      await this.#admin.changeExamStatus(id, 'completed', { endSessions: true }).catch(unlessArchived);
      await this.#admin.changeExamStatus(id, 'archived');
      await this.#admin.deleteExam(id);
    });
    return error === undefined
      ? []
      : [
          `the exam "${examTitle(this.#run)}" (${id}), with its sessions: ${error}. Complete, archive and delete it on the console`,
        ];
  }

  async #disableAccounts(late: AbortSignal): Promise<string[]> {
    const ids = (this.#crowd?.students ?? []).map(({ userId }) => userId).filter((id) => id !== '');
    if (ids.length === 0) return [];
    const limit = pLimit(AT_ONCE);
    const errors: string[] = [];
    await Promise.all(
      ids.map((id) =>
        limit(async () => {
          // With the server down or the admin's token expired, a thousand requests would fail in the same way.
          if (errors.length >= AT_ONCE) return void errors.push(errors[0]!);
          const error = await repeatedly(late, () => this.#admin.disableUser(id));
          if (error !== undefined) errors.push(error);
        }),
      ),
    );
    const disabled = ids.length - errors.length;
    return [
      ...(disabled > 0
        ? [
            `${disabled} ${disabled === 1 ? 'account' : 'accounts'}, disabled, since accounts cannot be deleted: ${addressesOf(this.#run)}`,
          ]
        : []),
      ...(errors.length > 0
        ? [
            `${errors.length} ${errors.length === 1 ? 'account' : 'accounts'}, not disabled: ${addressesOf(this.#run)} (${errors[0]})`,
          ]
        : []),
    ];
  }
}

/** Archived by an earlier attempt. */
function unlessArchived(error: unknown): void {
  if (!(error instanceof ApiError) || error.code !== 'bad_transition') throw error;
}

/** @returns the error of the last attempt */
async function repeatedly(late: AbortSignal, work: () => Promise<unknown>): Promise<string | undefined> {
  for (let attempt = 1; ; attempt++) {
    if (late.aborted) return 'no time left';
    try {
      await work();
      return undefined;
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return undefined;
      const helps = error instanceof ApiError && (error.retryable || error.code === 'exam_has_sessions');
      if (!helps || attempt === TRIES) return error instanceof Error ? error.message : String(error);
      await pause(RETRY_MS, late);
    }
  }
}
