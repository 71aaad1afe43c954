/** A session whose pause lasts this long is ended (rule C18), ms. */
export const LONGEST_PAUSE_MS = 24 * 3_600_000;
