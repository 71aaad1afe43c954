/** Requests to the student of a session, beyond the events that record them. */
export interface RequestState {
  /** When the next head turn is asked for, server ms. Null: not drawn yet. */
  readonly nextChallengeAt: number | null;
  /** Event with the picture of the start. Null: none yet. */
  readonly startPicture: string | null;
}
