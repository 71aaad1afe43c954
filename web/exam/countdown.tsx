import { duration } from '../shared/time-format.ts';
import { useNow } from '../shared/use-now.ts';
import { t } from './messages.ts';

/** Remaining time of an exam with a time limit. */
export function Countdown({ deadline }: { readonly deadline: string | null }) {
  const now = useNow(1000);
  if (!deadline) return null;
  return (
    <span class="badge tabular" role="timer">
      {t.timeLeft(duration(Date.parse(deadline) - now))}
    </span>
  );
}
