/** Outcomes of a face check by a person. No imports: pages use them, too. */
export const FACE_CHECK_OUTCOMES = ['same', 'not_sure', 'different'] as const;
