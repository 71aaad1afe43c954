/** Reason of a failed download of weights. */
export type FailureCode =
  /** Name not in the manifest. */
  | 'unknown_model'
  /** Part of the project: nothing to download. */
  | 'shipped_model'
  /** No URL in the manifest, or one that is neither https nor loopback. */
  | 'no_address'
  | 'bad_address'
  | 'redirect_refused'
  | 'http_status'
  /** No connection, or a lost one: the partial file is kept. */
  | 'network'
  /** Stalled connection: the partial file is kept. */
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
