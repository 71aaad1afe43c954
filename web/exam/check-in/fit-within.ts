/** Pure: scaled down so that neither side is longer than `side`, in whole pixels. */
export function fitWithin(width: number, height: number, side: number): { width: number; height: number } {
  const scale = Math.min(1, side / width, side / height);
  return { width: Math.round(width * scale), height: Math.round(height * scale) };
}
