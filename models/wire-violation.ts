/** Protocol violations of a host, which ours never commit. Bounded, as these are metric labels. */
export type Violation =
  /** An answer, a line or stderr output exceeds its maximum length. */
  | 'too_long'
  | 'not_json'
  /** Fields missing, unknown, of another type or out of range. */
  | 'bad_shape'
  /** Unsolicited data. */
  | 'unasked'
  /** An answer to another frame than the expected one. */
  | 'wrong_frame'
  /** Models not in the manifest. */
  | 'unknown_models'
  /** A channel closed while the process lives. */
  | 'closed';

/** Protocol violation of the inference host. Carries no content, which could be of an image or made up for the log. */
export class WireViolation extends Error {
  override readonly name = 'WireViolation';
  readonly violation: Violation;

  constructor(violation: Violation, what: string, options?: ErrorOptions) {
    super(what, options);
    this.violation = violation;
  }
}
