/** The command ends without a move; the message says why and what to do. */
export class NotMoved extends Error {
  override readonly name = 'NotMoved';
  readonly code = 'not_moved';
  /** 1: the databases differ or the log is bad. 2: refused. 3: the outcome is unknown. */
  readonly status: 1 | 2 | 3;

  constructor(message: string, status: 1 | 2 | 3 = 2, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}
