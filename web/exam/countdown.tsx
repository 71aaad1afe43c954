import { duration } from '../shared/time-format.ts';
import { useNow } from '../shared/use-now.ts';

/** The time that is left, if it is limited. */
export function Countdown({ deadline }: { readonly deadline: string | null }) {
  const now = useNow(1000);
  if (!deadline) return null;
  return (
    <span class="badge tabular" role="timer">
      {duration(Date.parse(deadline) - now)} left
    </span>
  );
}
