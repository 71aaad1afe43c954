import { dateAndTime } from '../shared/time-format.ts';
import { useNow } from '../shared/use-now.ts';
import type { LogView, LogWatch } from './log-watch.ts';
import { useLogView } from './use-log-watch.ts';

const MINUTE_MS = 60_000;
/** After so long without a check it is said loudly that there is none. */
const LATE_MS = 10 * MINUTE_MS;

const hoursAndMinutes = (at: number) =>
  new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

function words({ kept, state, signed, problem }: LogView, now: number): string {
  if (state === 'blind')
    return 'Audit log: it cannot be checked here. Browsers do that only for pages from https or localhost.';
  if (kept?.alarm) return 'Audit log: not as it was, see above';
  if (!kept)
    return {
      asking: 'Audit log: asking …',
      away: `Audit log: it could not be checked: ${problem ?? ''}`,
      none: 'Audit log: no checkpoint yet',
      good: 'Audit log',
    }[state];
  const entries = `Audit log: ${kept.size.toLocaleString('en')} entries, checked ${now - kept.checkedAt < 12 * 60 * MINUTE_MS ? hoursAndMinutes(kept.checkedAt) : dateAndTime(new Date(kept.checkedAt).toISOString())}`;
  return `${entries}${signed ? '' : ' without signatures: this browser has no Ed25519'}${state === 'away' ? '; since then it could not be' : ''}`;
}

/** One quiet line: how long the audit log is, and when this browser has last found it to be what it was. */
export function LogLine({ watch }: { readonly watch: LogWatch }) {
  const view = useLogView(watch);
  const now = useNow(MINUTE_MS);
  const { kept, state } = view;
  const late = state === 'away' && kept !== undefined && !kept.alarm && now - kept.checkedAt > LATE_MS;
  const tone = late ? 'note warn' : 'muted';
  return (
    <footer class="log-line small no-print">
      {!kept || kept.alarm || state === 'blind' ? (
        <p class={tone}>{words(view, now)}</p>
      ) : (
        <details>
          <summary class={tone}>{words(view, now)}</summary>
          <div class="stack tight log-details">
            <p>
              Every minute this page asks for the newest signed checkpoint of the server's audit log, and for a proof
              that it continues the one before. The key below was taken as it came at first, on{' '}
              {dateAndTime(new Date(kept.trustedAt).toISOString())}: compare it with the one that the server's operator
              tells you. What the server shows now:
            </p>
            <pre class="code">{`${kept.key}\n\n${kept.note}`}</pre>
          </div>
        </details>
      )}
    </footer>
  );
}
