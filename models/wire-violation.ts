/** What a host can do that none of ours does. Bounded: these are labels of a metric. */
export type Violation =
  /** An answer, a line or what is written to standard error is longer than one can be. */
  | 'too_long'
  | 'not_json'
  /** Fields that are missing, unknown, of another type or out of range. */
  | 'bad_shape'
  /** Something came that nobody waits for. */
  | 'unasked'
  /** An answer to another frame than the one that is due. */
  | 'wrong_frame'
  /** Models that the manifest does not name. */
  | 'unknown_models'
  /** A channel ended and the process did not. */
  | 'closed';

/** The inference host broke its protocol. Carries no content: that may be of a picture, or made up to be logged. */
export class WireViolation extends Error {
  override readonly name = 'WireViolation';
  readonly violation: Violation;

  constructor(violation: Violation, what: string, options?: ErrorOptions) {
    super(what, options);
    this.violation = violation;
  }
}
