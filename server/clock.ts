/** Wall time in milliseconds since 1970; a parameter wherever time decides, so that tests can move it. */
export type Clock = () => number;
