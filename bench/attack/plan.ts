/** Input of an attacker: address, duration, and the data that a real attacker in that position would have. */
export interface AttackPlan {
  readonly url: string;
  readonly secs: number;
  /** Access tokens. */
  readonly admin: string;
  readonly proctor: string;
  /** The attacker's own accounts, each with a live session. */
  readonly students: readonly { readonly token: string; readonly session: string }[];
  /** Email addresses of existing accounts. */
  readonly emails: readonly string[];
  /** A session with many events. */
  readonly longSession: string;
}

/** Counts of responses by status or error. */
export type Answers = Readonly<Record<string, number>>;
