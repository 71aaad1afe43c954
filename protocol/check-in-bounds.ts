/** States and bounds of check-ins, also for pages. */

/**
 * `collecting`: the student takes pictures; `waiting`: in the waiting room; `held`: staff ask for something; `admitted`:
 * the exam can be started; `refused`: final unless staff reopen it; `withdrawn`: by the student.
 */
export const CHECK_IN_STATES = ['collecting', 'waiting', 'held', 'admitted', 'refused', 'withdrawn'] as const;
export type CheckInState = (typeof CHECK_IN_STATES)[number];

/** What a policy can ask for: one photo of the student, one of a document, and a look at the room. */
export const CHECK_IN_PICTURES = ['photo', 'document', 'room'] as const;
export type CheckInPictureKind = (typeof CHECK_IN_PICTURES)[number];

/** Decisions of staff. */
export const CHECK_IN_DECISIONS = ['admit', 'hold', 'refuse', 'reopen'] as const;
export type CheckInDecisionName = (typeof CHECK_IN_DECISIONS)[number];

/** The look at the room: pictures taken over `seconds`, one each `everyMs`. */
export const CHECK_IN_ROOM = {
  seconds: 20,
  everyMs: 2000,
  /** The server refuses pictures that follow faster. */
  leastMs: 1000,
  /** Fewer are a look that is missing. */
  least: 8,
  most: 12,
} as const;

/** Minutes before the start of an exam from which students can check in. */
export const CHECK_IN_OPENS_MINUTES = 60;

/** Pictures that can be taken for one check-in, replaced ones included. */
export const CHECK_IN_UPLOADS = 300;

/** Highest place in the waiting room that a student is told; further ones read as this. */
export const CHECK_IN_PLACES = 100;

/** Seconds between two looks of a page at a check-in, and of consoles at the number of those who wait. */
export const CHECK_IN_POLL_SECONDS = 5;
