import { fileURLToPath } from 'node:url';
import { segment } from './jpeg-bytes.ts';

/** For `Overrides.inferenceHost`: the host with faults on demand. */
export const FAILING_HOST = fileURLToPath(new URL('./failing-host.mjs', import.meta.url));

/** Possible answers of a compromised host. */
export const SPOILED_ANSWERS = [
  'garbled',
  'twice',
  'endless',
  'empty',
  'of-another-frame',
  'with-a-face-of-no-size',
] as const;

export type Fault = 'segv' | 'spin' | 'stall' | (typeof SPOILED_ANSWERS)[number];

/**
 * The same picture with a comment that triggers this fault in the failing host, and in no other, when its analysis
 * begins.
 */
export function withFault(jpeg: Uint8Array, fault: Fault): Uint8Array {
  const comment = segment(0xfe, ...Buffer.from(`invigil-test-fault:${fault}\0`));
  return Uint8Array.from([...jpeg.subarray(0, 2), ...comment, ...jpeg.subarray(2)]);
}
