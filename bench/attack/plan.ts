/** What an attacker is given: the address, how long, and what a person in that place would have. */
export interface AttackPlan {
  readonly url: string;
  readonly secs: number;
  /** Access tokens. */
  readonly admin: string;
  readonly proctor: string;
  /** Accounts of the attacker's own, each with a session that runs. */
  readonly students: readonly { readonly token: string; readonly session: string }[];
  /** Addresses of accounts that are there. */
  readonly emails: readonly string[];
  /** A session of many events. */
  readonly longSession: string;
}

/** How often each answer came, by status or error. */
export type Answers = Readonly<Record<string, number>>;
