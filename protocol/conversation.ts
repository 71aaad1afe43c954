/** Limits of what a student writes to staff (rule M2). No imports: also part of the browser SDK. */

/** Maximum size of a message after normalisation, bytes in UTF-8. */
export const MAX_STUDENT_MESSAGE_BYTES = 1000;

/** Messages that a client may hold until the server has stored them. */
export const MAX_HELD_MESSAGES = 10;

/** Messages, and raised or lowered hands, of one session. */
export const MAX_STUDENT_WORDS = 300;
