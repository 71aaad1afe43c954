/** Problem response of the server (RFC 9457), or the absence of a response. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** HTTP status; 0 without a response. */
  readonly status: number;
  /** Stable code of the problem; `unavailable` without a response. The SDK reads it from a failed `getTicket`. */
  readonly code: string;
  /** The same request may succeed later; also read by the SDK. */
  readonly retryable: boolean;
  /** Id of the object that the problem is about, for example the running session of `session_exists`. */
  readonly ref: string | undefined;
  readonly detail: string | undefined;

  constructor(
    status: number,
    code: string,
    message: string,
    more: { retryable?: boolean; ref?: string | undefined; detail?: string; cause?: unknown } = {},
  ) {
    super(message, { cause: more.cause });
    this.status = status;
    this.code = code;
    this.retryable = more.retryable === true || status === 0 || status === 429 || status >= 500;
    this.ref = more.ref;
    this.detail = more.detail;
  }

  static async from(response: Response, what: string): Promise<ApiError> {
    const problem = ((await response.json().catch(() => null)) ?? {}) as Record<string, unknown>;
    const code = typeof problem['code'] === 'string' ? problem['code'] : `http_${response.status}`;
    const detail = typeof problem['detail'] === 'string' ? problem['detail'] : 'no problem body';
    return new ApiError(response.status, code, `${what}: ${response.status} ${code}: ${detail}`, {
      retryable: problem['retryable'] === true,
      ref: typeof problem['ref'] === 'string' ? problem['ref'] : undefined,
      detail,
    });
  }
}
