/** Maximum height relative to the width, that of an upright camera (rule F11). */
const UPRIGHT = 16 / 9;

/** Scales to at most `maxWidth` and at most 16/9 of it in height, in whole pixels. */
export function fit(width: number, height: number, maxWidth: number): { width: number; height: number } {
  const scale = Math.min(1, maxWidth / width, (maxWidth * UPRIGHT) / height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}
