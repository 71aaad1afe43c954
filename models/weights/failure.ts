/** Why weights could not be fetched. */
export type FailureCode =
  /** The manifest has no such name. */
  | 'unknown_model'
  /** Part of the project: nothing to fetch. */
  | 'shipped_model'
  /** The manifest knows no address, or one that is neither https nor on this machine. */
  | 'no_address'
  | 'bad_address'
  | 'redirect_refused'
  | 'http_status'
  /** No connection, or one that was cut: what arrived is kept. */
  | 'network'
  /** Nothing came for too long: what arrived is kept. */
  | 'stalled'
  | 'too_long'
  | 'too_short'
  | 'wrong_digest'
  | 'cannot_write';

export class FetchFailure extends Error {
  override readonly name = 'FetchFailure';
  readonly code: FailureCode;

  constructor(code: FailureCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
