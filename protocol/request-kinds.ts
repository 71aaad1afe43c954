/** Requests to the student, in words of the wire. No imports: also part of the browser SDK. */

/** Requests that a client can show. */
export const REQUEST_KINDS = ['challenge', 'room_look'] as const;
export type RequestKind = (typeof REQUEST_KINDS)[number];

export const REQUEST_ANSWERS = ['shown', 'hidden', 'begin', 'decline'] as const;
export type RequestAnswer = (typeof REQUEST_ANSWERS)[number];

/** Of a head turn, as the student sees it. */
export const DIRECTIONS = ['left', 'right', 'up'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** - `passed`, `done`: as asked. - `over`: without that. - `interrupted`: it may come again. */
export const REQUEST_ENDS = ['passed', 'done', 'over', 'interrupted'] as const;
export type RequestEnd = (typeof REQUEST_ENDS)[number];

/** Of a face check by a person. */
export const FACE_CHECK_OUTCOMES = ['same', 'not_sure', 'different'] as const;
