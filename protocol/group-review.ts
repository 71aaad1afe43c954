/** Maximum number of events of one group decision; also for pages, which decide larger groups in several. */
export const MAX_GROUP = 500;
