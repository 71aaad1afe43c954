import type { Api } from '../shared/api.ts';
import { Problem } from '../shared/field.tsx';
import { saveFile } from '../shared/save-file.ts';
import { dateAndTime } from '../shared/time-format.ts';
import { useAction } from '../shared/use-action.ts';
import type { LogView, LogWatch } from './log-watch.ts';
import { useLogView } from './use-log-watch.ts';
import { type ReportLog, useReportLog } from './use-report-log.ts';

interface ReportLogProps {
  readonly api: Api;
  readonly watch: LogWatch;
  readonly id: string;
}

/** What the audit log has of a session, so that a report on paper can still be checked. */
export function ReportLogSection({ api, watch, id }: ReportLogProps) {
  const log = useReportLog(api, watch, id);
  const view = useLogView(watch);
  const saving = useAction();
  const { part, newest, problem } = log;
  const save = () =>
    saving.run(async () => saveFile(`session-${id}.audit`, await api.blob(`/api/audit/attempt/${id}/file`)));
  return (
    <section class="stack tight">
      <h2>Audit log</h2>
      {problem && <p class="small">The audit log cannot be shown: {problem}</p>}
      {part && !newest && <p class="small">No entry of this session.</p>}
      {part && newest && (
        <>
          <p class="small">
            {newest.position} entries; the newest is {newest.eventType} of {dateAndTime(newest.at)} with the hash{' '}
            <span class="code">{newest.hash}</span>
          </p>
          <p class={log.wrong || view.kept?.alarm ? 'small note bad' : 'small'}>{verdict(log, view)}</p>
          {part.checkpoint && (
            <>
              <p class="small">
                The checkpoint{part.covered < part.entries && `, which covers ${part.covered} of them`}, and the key
                that the server signs with:
              </p>
              <pre class="code checkpoint">{`${part.checkpoint.note}\n${part.checkpoint.key}`}</pre>
            </>
          )}
          <div class="row no-print">
            <button class="small" disabled={saving.busy || part.covered === 0} onClick={() => void save()}>
              Save this part of the log
            </button>
            {part.covered < part.entries && (
              <button class="small" onClick={log.reload}>
                Look again
              </button>
            )}
            <span class="small muted">
              To be checked by <span class="code">npm run audit -- verify FILE --key KEY</span>
            </span>
          </div>
          {saving.error && <Problem>{saving.error}</Problem>}
        </>
      )}
    </section>
  );
}

function verdict({ part, wrong, checked }: ReportLog, { kept, state, signed }: LogView): string {
  if (!checked) return 'Not checked: browsers do that only for pages from https or localhost.';
  if (wrong) return `This part of the log is not good: ${wrong}.`;
  if (kept?.alarm) return 'The log that it is part of is not what it was: see above.';
  const covered = part!.covered;
  const rest =
    covered < part!.entries
      ? ` The other ${part!.entries - covered} came after it; a checkpoint follows within seconds.`
      : '';
  if (covered === 0)
    return `Recomputed in this browser: each entry follows the one before. No checkpoint covers them yet.${rest}`;
  const before = state === 'good' ? ' It continues what this browser has seen of the log before.' : '';
  return `Recomputed in this browser: each entry follows the one before, and ${covered} are in the log of the checkpoint below${signed ? ', which is signed with the key below' : ' (its signature was not checked: this browser has no Ed25519)'}.${before}${rest}`;
}
