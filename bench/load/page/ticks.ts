/** Round numbers from 0 up to at least `max`, in about `count` steps. @param whole counts, which have no halves */
export function ticksTo(max: number, count = 5, whole = false): number[] {
  if (!(max > 0)) return [0, 1];
  const rough = max / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= rough * (1 - 1e-9)) ?? 10;
  const step = Math.max(factor * power, whole ? 1 : 0);
  const steps = Math.max(1, Math.ceil(max / step - 1e-9));
  // Multiples of a power of ten in binary: 0.30000000000000004.
  return Array.from({ length: steps + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}
