import { growth, type ServerWatch } from './server/server-watch.ts';
import type { StoreCheck } from './check.ts';
import type { TallyTotals } from './tally.ts';

/** Maximum growth of a server's resident memory under constant load after its first 20 s. */
const MAX_GROWTH = 0.1;

export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly found: string;
}

export interface Evidence {
  readonly tally: TallyTotals;
  readonly students: number;
  readonly tolerateDrops: boolean;
  /** Undefined if not requested. */
  readonly store: StoreCheck | undefined;
  readonly watch: ServerWatch | undefined;
}

/** Conditions for a successful run. Memory and storage are judged only if measured. */
export function judge({ tally, students, tolerateDrops, store, watch }: Evidence): Check[] {
  const checks: Check[] = [
    none('no error', tally.errorCount, 'errors'),
    { name: 'everybody connected', ok: tally.connects === students, found: `${tally.connects} of ${students}` },
    {
      name: 'every signal acknowledged',
      ok: tally.signalsAcked === tally.signalsSent,
      found: `${tally.signalsAcked} of ${tally.signalsSent}`,
    },
  ];
  if (!tolerateDrops) checks.push(none('no connection ended by itself', tally.dropCount, 'did'));
  if (store) {
    checks.push(
      none('every acknowledged signal is stored', store.missing, `missing of ${tally.signalsAcked}`),
      none('no signal is stored twice', store.doubled, `too many of ${store.stored}`),
      none('no stored event was never sent', store.unknown, 'unknown'),
      none('event numbers have no gaps', store.misnumbered, 'have gaps'),
      none('every event shown to a student is stored', store.echoedOnly, 'are not'),
      none('every finished session has ended', store.notEnded, 'are not'),
    );
  }
  for (const part of ['main', 'host'] as const) {
    const grown = watch && growth(watch.samples, part);
    if (grown)
      checks.push({
        name: `memory of ${part} grew by at most 10 %`,
        ok: grown.share <= MAX_GROWTH,
        found: `${(grown.share * 100).toFixed(1)} %`,
      });
  }
  return checks;
}

const none = (name: string, count: number, what: string): Check => ({
  name,
  ok: count === 0,
  found: `${count} ${what}`,
});
