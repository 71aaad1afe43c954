/** Mean difference of sampled pixels, 0..255, up to which two frames count as the same picture. */
const SAME_PICTURE = 0.25;

/**
 * Whether the picture stands still. The prints are luma of single pixels, not of blocks: a live sensor's noise shows in
 * them even when nothing moves, while a repeated frame gives the same values.
 */
export function isSamePicture(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length || a.length === 0) return false;
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i]! - b[i]!);
  return sum / a.length <= SAME_PICTURE;
}
