/** Conversation of a session, beyond the events that record it. */
export interface ConversationState {
  /** Since when the student's hand is raised, ISO 8601. */
  readonly hand: string | null;
  /** Messages of the student that nobody of the staff has read. */
  readonly unread: number;
  /** Messages, and raised or lowered hands, of the student. */
  readonly words: number;
}
