import { FULL_SIZE } from './size.ts';

/**
 * Arguments of Node without optimised code for WebAssembly, which is the embedded database. A process that opens one and
 * runs 300 statements takes 0.8 s of processor time with them and 1.8 s without; over many files of one worker the two
 * are equal. Not at full size, where time is measured.
 */
export const BASELINE_WASM: readonly string[] = FULL_SIZE ? [] : ['--liftoff-only'];
