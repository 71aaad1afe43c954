/**
 * State of the verdict of a session, for lists; written by every step. `provisional`: the newest verdict was not
 * released; `answered`: the student has answered; `appealed`: an appeal is open; `closed`: it has its outcome.
 */
export interface VerdictStatesTable {
  session_id: string;
  state: 'provisional' | 'released' | 'answered' | 'appealed' | 'closed';
  /** The newest verdict. */
  verdict_id: string;
  /** The verdict that the student sees. */
  shown_verdict_id: string | null;
  /** The newest release. */
  release_id: string | null;
  /** Person who decides the open appeal. */
  officer_id: string | null;
  since: Date;
  /** When staff should have released the verdict or decided the appeal. */
  due_at: Date | null;
}
