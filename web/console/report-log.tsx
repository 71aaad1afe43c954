import type { Api } from '../shared/api.ts';
import { Problem } from '../shared/field.tsx';
import { saveFile } from '../shared/save-file.ts';
import { useZone } from '../shared/shown-zone.ts';
import { dateAndSeconds } from '../shared/time-format.ts';
import { useAction } from '../shared/use-action.ts';
import { auditKindTitle } from '../shared/messages/audit-kinds.ts';
import { common } from '../shared/messages/common.ts';
import type { LogView, LogWatch } from './log-watch.ts';
import { t } from './messages.ts';
import { useLogView } from './use-log-watch.ts';
import { type ReportLog, useReportLog } from './use-report-log.ts';

const VERIFY_COMMAND = 'npm run audit -- verify FILE --key KEY';

interface ReportLogProps {
  readonly api: Api;
  readonly watch: LogWatch;
  readonly id: string;
}

/** A session's part of the audit log, so that a printed report can be verified later. */
export function ReportLogSection({ api, watch, id }: ReportLogProps) {
  const log = useReportLog(api, watch, id);
  const view = useLogView(watch);
  const zone = useZone();
  const saving = useAction();
  const { part, newest, problem } = log;
  const save = () =>
    saving.run(async () => saveFile(`session-${id}.audit`, await api.blob(`/api/audit/attempt/${id}/file`)));
  return (
    <section class="stack tight">
      <h2>{t.report.log.title}</h2>
      {problem && <p class="small">{t.report.log.unavailable(problem)}</p>}
      {part && !newest && <p class="small">{t.report.log.noEntries}</p>}
      {part && newest && (
        <>
          <p class="small">
            {t.report.log.newest(newest.position, auditKindTitle(newest.eventType), dateAndSeconds(newest.at, zone))}{' '}
            <span class="code">{newest.hash}</span>
          </p>
          <p class={log.fault || view.kept?.alarm ? 'small note bad' : 'small'}>{verdict(log, view)}</p>
          {part.checkpoint && (
            <>
              <p class="small">
                {part.covered < part.entries ? t.report.log.checkpointCovers(part.covered) : t.report.log.checkpoint}
              </p>
              <pre class="code checkpoint">{`${part.checkpoint.note}\n${part.checkpoint.key}`}</pre>
            </>
          )}
          <div class="row no-print">
            <button class="small" disabled={saving.busy || part.covered === 0} onClick={() => void save()}>
              {t.report.log.save}
            </button>
            {part.covered < part.entries && (
              <button class="small" onClick={log.reload}>
                {common.refresh}
              </button>
            )}
            <span class="small muted">
              {t.report.log.verifyWith} <span class="code">{VERIFY_COMMAND}</span>
            </span>
          </div>
          {saving.error && <Problem>{saving.error}</Problem>}
        </>
      )}
    </section>
  );
}

function verdict({ part, fault, checked }: ReportLog, { kept, state, signed }: LogView): string {
  const { log } = t.report;
  if (!checked || !part) return log.notChecked;
  if (fault) return log.invalid(fault);
  if (kept?.alarm) return log.alarm;
  const { covered, entries } = part;
  const sentences = [covered === 0 ? log.chainOnly : log.covered(covered, signed)];
  if (covered > 0 && state === 'good') sentences.push(log.continues);
  if (covered < entries) sentences.push(log.uncovered(entries - covered));
  return sentences.join(' ');
}
