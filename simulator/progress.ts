import type { ServerWatch } from './server/server-watch.ts';
import type { Tally } from './tally.ts';

const EVERY_MS = 2000;
const MIB = 2 ** 20;

/** Prints a progress line every 2 s. @returns a function that stops it */
export function showProgress(
  tally: Tally,
  students: number,
  watch: ServerWatch | undefined,
  print: (line: string) => void,
): () => void {
  const began = performance.now();
  let before = { at: began, sent: tally.framesSent, analysed: tally.framesAnalysed, acked: tally.signalsAcked };
  const timer = setInterval(() => {
    const at = performance.now();
    const seconds = (at - before.at) / 1000;
    const { p99 } = tally.analysis.spread();
    const rss = watch?.samples.at(-1);
    print(
      [
        `${((at - began) / 1000).toFixed(0).padStart(5)} s`,
        `live ${tally.live}/${students}`,
        `sent ${((tally.framesSent - before.sent) / seconds).toFixed(1)}/s`,
        `analysed ${((tally.framesAnalysed - before.analysed) / seconds).toFixed(1)}/s`,
        `acks ${((tally.signalsAcked - before.acked) / seconds).toFixed(1)}/s`,
        `p99 so far ${p99 === null ? '-' : p99.toFixed(0)} ms`,
        `reconnects ${tally.reconnects}`,
        `errors ${tally.errorCount}`,
        ...(rss ? [`rss ${(rss.main.rss / MIB).toFixed(0)}+${(rss.host.rss / MIB).toFixed(0)} MiB`] : []),
      ].join('  '),
    );
    before = { at, sent: tally.framesSent, analysed: tally.framesAnalysed, acked: tally.signalsAcked };
  }, EVERY_MS);
  return () => clearInterval(timer);
}
