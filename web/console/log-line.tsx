import { dateAndTime, hoursAndMinutes } from '../shared/time-format.ts';
import { useNow } from '../shared/use-now.ts';
import type { LogView, LogWatch } from './log-watch.ts';
import { t } from './messages.ts';
import { useLogView } from './use-log-watch.ts';

const MINUTE_MS = 60_000;
/** The date is shown for verifications older than this. */
const DATED_MS = 12 * 60 * MINUTE_MS;
/** The line becomes a warning after this long without a verification. */
const LATE_MS = 10 * MINUTE_MS;

function textOf({ kept, state, signed, problem }: LogView, now: number): string {
  const { auditLog } = t;
  if (state === 'blind') return auditLog.unverifiable;
  if (kept?.alarm) return auditLog.alarmed;
  if (!kept)
    return {
      asking: auditLog.checking,
      away: auditLog.failed(problem ?? ''),
      none: auditLog.noCheckpoint,
      good: auditLog.title,
    }[state];
  const time = now - kept.checkedAt < DATED_MS ? hoursAndMinutes(kept.checkedAt) : dateAndTime(kept.checkedAt);
  const parts = [auditLog.verified(kept.size, time)];
  if (!signed) parts.push(auditLog.withoutSignatures);
  if (state === 'away') parts.push(auditLog.notSince);
  return parts.join('; ');
}

/** Size of the audit log and the time of this browser's last successful verification. */
export function LogLine({ watch }: { readonly watch: LogWatch }) {
  const view = useLogView(watch);
  const now = useNow(MINUTE_MS);
  const { kept, state } = view;
  const late = state === 'away' && kept !== undefined && !kept.alarm && now - kept.checkedAt > LATE_MS;
  const tone = late ? 'note warn' : 'muted';
  return (
    <footer class="log-line small no-print">
      {!kept || kept.alarm || state === 'blind' ? (
        <p class={tone}>{textOf(view, now)}</p>
      ) : (
        <details>
          <summary class={tone}>{textOf(view, now)}</summary>
          <div class="stack tight log-details">
            <p>{t.auditLog.explanation(dateAndTime(kept.trustedAt))}</p>
            <pre class="code">{`${kept.key}\n\n${kept.note}`}</pre>
          </div>
        </details>
      )}
    </footer>
  );
}
