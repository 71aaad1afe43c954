/** Of a camera that is held upright; the server takes nothing higher (rule F11). */
const UPRIGHT = 16 / 9;

/** Width and height of a picture that is no wider than `maxWidth`, and no higher than 16/9 of it, in whole pixels. */
export function fit(width: number, height: number, maxWidth: number): { width: number; height: number } {
  const scale = Math.min(1, maxWidth / width, (maxWidth * UPRIGHT) / height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}
