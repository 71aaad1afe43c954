import type { InvigilClient } from '../sdk/client.ts';
import { duration } from '../shared/time-format.ts';
import { useNow } from '../shared/use-now.ts';
import { t } from './messages.ts';

/** Below these, ms, the badge changes its colour. */
const SOON_MS = 10 * 60_000;
const LAST_MS = 60_000;

interface CountdownProps {
  readonly client: InvigilClient;
}

/** Remaining time of an exam with a time limit, by the server's clock; it stands still during a pause. */
export function Countdown({ client }: CountdownProps) {
  useNow(1000);
  const left = client.remainingMs;
  if (left === undefined) return null;
  const level = left <= LAST_MS ? ' high' : left <= SOON_MS ? ' medium' : '';
  const text = left <= 0 ? t.timeUp : client.paused ? t.timeLeftPaused(duration(left)) : t.timeLeft(duration(left));
  return (
    <span class={`badge tabular${level}`} role="timer">
      {text}
    </span>
  );
}
