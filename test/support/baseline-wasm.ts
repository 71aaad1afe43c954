import { FULL_SIZE } from './size.ts';

/**
 * Arguments of Node without optimised code for WebAssembly, which is the embedded database. A test's process ends before
 * such code has saved the time of its compilation, a fifth of the processor time of `integration`. Not at full size,
 * where time is measured.
 */
export const BASELINE_WASM: readonly string[] = FULL_SIZE ? [] : ['--liftoff-only'];
