/** Maximum height as a multiple of the policy's width: a camera held upright has 9:16. */
const UPRIGHT = 16 / 9;
/** Encoders round up to their blocks, pixels. */
const TOLERANCE = 16;

/**
 * Says why a picture is too large; undefined when it is not. The cost of decoding and analysing a picture
 * grows with its pixels, which a client must not choose.
 * @param maxWidth the policy's, pixels
 */
export function whyTooLarge(
  { width, height }: { readonly width: number; readonly height: number },
  maxWidth: number,
): string | undefined {
  const maxHeight = Math.ceil(maxWidth * UPRIGHT);
  if (width <= maxWidth + TOLERANCE && height <= maxHeight + TOLERANCE) return undefined;
  return `${width}x${height} exceeds the maximum of ${maxWidth}x${maxHeight}`;
}
