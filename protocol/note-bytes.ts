/** Longest note of an accommodation profile for proctors, bytes in UTF-8. No imports: also part of pages. */
export const NOTE_BYTES = 500;
