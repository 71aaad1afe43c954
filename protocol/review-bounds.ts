/** Bounds of review, also for pages, which send more in several requests. */

/** Maximum number of events of one group decision. */
export const MAX_GROUP = 500;

/** Maximum number of sessions that are given to a reviewer at once. */
export const MAX_GIVEN = 100;

/** Maximum number of events that a release of a verdict names. */
export const MAX_DECIDING = 100;

/** Maximum size of a student's answer or appeal, bytes in UTF-8. */
export const MAX_STATEMENT = 5000;
