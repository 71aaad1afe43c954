/** Bounds of review, also for pages, which send more in several requests. */

/** Maximum number of events of one group decision. */
export const MAX_GROUP = 500;

/** Maximum number of sessions that are given to a reviewer at once. */
export const MAX_GIVEN = 100;
