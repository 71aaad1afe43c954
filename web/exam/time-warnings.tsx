import { useEffect, useRef, useState } from 'preact/hooks';
import type { InvigilClient } from '../sdk/client.ts';
import { playTones } from '../shared/tones.ts';
import { t } from './messages.ts';
import { dueWarning } from './time-warning.ts';

const TONES_HZ = [523, 392];

interface TimeWarningsProps {
  readonly client: InvigilClient;
}

/** Warns before the deadline: on screen, by two tones, and to screen readers, for which the region is always there. */
export function TimeWarnings({ client }: TimeWarningsProps) {
  const [minutes, setMinutes] = useState<number>();
  const before = useRef<number | undefined>(undefined);
  useEffect(() => {
    const timer = setInterval(() => {
      const left = client.remainingMs;
      if (left === undefined) return;
      const due = dueWarning(before.current, left);
      before.current = left;
      if (due !== undefined) playTones(TONES_HZ);
      // An extension takes a shown warning back.
      setMinutes((shown) => due ?? (shown !== undefined && left <= shown * 60_000 ? shown : undefined));
    }, 1000);
    return () => clearInterval(timer);
  }, [client]);
  return <div role="alert">{minutes !== undefined && <p class="note warn">{t.timeWarning(minutes)}</p>}</div>;
}
