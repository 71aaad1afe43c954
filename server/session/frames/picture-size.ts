/** What a picture may be higher than its policy's width: a camera held upright has 9:16. */
const UPRIGHT = 16 / 9;
/** Encoders round up to their blocks, pixels. */
const TOLERANCE = 16;

/**
 * Why a picture is larger than what was asked for; undefined when it is not. What it costs to decode and to look at
 * grows with its pixels, which a client must not choose.
 * @param maxWidth the policy's, pixels
 */
export function whyTooLarge(
  { width, height }: { readonly width: number; readonly height: number },
  maxWidth: number,
): string | undefined {
  const maxHeight = Math.ceil(maxWidth * UPRIGHT);
  if (width <= maxWidth + TOLERANCE && height <= maxHeight + TOLERANCE) return undefined;
  return `${width}x${height} is larger than ${maxWidth} wide and ${maxHeight} high, which is what is asked for`;
}
