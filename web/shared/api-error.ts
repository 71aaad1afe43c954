/** A problem that the server answered (RFC 9457), or the lack of an answer. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** 0 when there was no answer. */
  readonly status: number;
  readonly code: string;
  /** The same request can succeed later; the SDK reads this of a failed `getTicket`. */
  readonly retryable: boolean;
  /** The whole problem: some carry more than the standard fields. */
  readonly problem: Readonly<Record<string, unknown>>;

  constructor(status: number, code: string, message: string, problem: Record<string, unknown> = {}, cause?: unknown) {
    super(message, { cause });
    this.status = status;
    this.code = code;
    // Never less hopeful than the status: a failing server may be well again in a moment, whatever it says of itself.
    this.retryable = problem['retryable'] === true || status === 0 || status === 408 || status === 429 || status >= 500;
    this.problem = problem;
  }

  static async from(response: Response): Promise<ApiError> {
    const problem = ((await response.json().catch(() => ({}))) ?? {}) as Record<string, unknown>;
    const text = (value: unknown) => (typeof value === 'string' && value ? value : undefined);
    const message = text(problem['detail']) ?? text(problem['title']) ?? `The server answered ${response.status}.`;
    return new ApiError(response.status, text(problem['code']) ?? 'internal', message, problem);
  }
}

/** What to tell a person about anything that was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
