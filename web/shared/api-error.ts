import { isOwnProblem } from '../../protocol/problem-type.ts';
import { common } from './messages/common.ts';
import { problemText } from './messages/problems.ts';
import { duration } from './time-format.ts';

/** A problem from the server (RFC 9457), or no response at all. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** HTTP status; 0 without a response. */
  readonly status: number;
  readonly code: string;
  /** The same request can succeed later; the SDK reads this after a failed `getTicket`. */
  readonly retryable: boolean;
  /** The whole problem document: some have more than the standard fields. */
  readonly problem: Readonly<Record<string, unknown>>;

  constructor(status: number, code: string, message: string, problem: Record<string, unknown> = {}, cause?: unknown) {
    super(message, { cause });
    this.status = status;
    this.code = code;
    // A status that allows a retry wins over the body: a failing server may recover in a moment.
    this.retryable = problem['retryable'] === true || status === 0 || status === 408 || status === 429 || status >= 500;
    this.problem = problem;
  }

  static async from(response: Response): Promise<ApiError> {
    const problem = ((await response.json().catch(() => ({}))) ?? {}) as Record<string, unknown>;
    const text = (value: unknown) => (typeof value === 'string' && value ? value : undefined);
    if (!isOwnProblem(problem))
      return new ApiError(response.status, 'unavailable', common.foreignAnswer(response.status), { retryable: true });
    const { code } = problem;
    const detail = text(problem['detail']) ?? text(problem['title']) ?? '';
    const message = problemText(code, { detail, ...timing(problem, response.headers) });
    return new ApiError(response.status, code, message || code, problem);
  }
}

/** Whether and when a retry can succeed. */
function timing(problem: Record<string, unknown>, headers: Headers): { retryable: boolean; wait: string | undefined } {
  const seconds = Number(headers.get('Retry-After') ?? Number.NaN);
  return {
    retryable: problem['retryable'] === true,
    wait: Number.isFinite(seconds) ? duration(seconds * 1000) : undefined,
  };
}

/** Message for the user about any thrown value. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
