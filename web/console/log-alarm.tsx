import { useState } from 'preact/hooks';
import { Dialog } from '../shared/dialog.tsx';
import { saveFile } from '../shared/save-file.ts';
import { dateAndTime } from '../shared/time-format.ts';
import { alarmText, type StoredLog, type LogAlarm } from './stored-log.ts';
import type { LogWatch } from './log-watch.ts';
import { t } from './messages.ts';
import { useLogView } from './use-log-watch.ts';

/** Shows a failed verification of the audit log until a person accepts the current log. */
export function LogAlarmNote({ watch }: { readonly watch: LogWatch }) {
  const { kept } = useLogView(watch);
  return kept?.alarm ? <Alarm watch={watch} kept={kept} alarm={kept.alarm} /> : null;
}

function Alarm({
  watch,
  kept,
  alarm,
}: {
  readonly watch: LogWatch;
  readonly kept: StoredLog;
  readonly alarm: LogAlarm;
}) {
  const [copied, setCopied] = useState('');
  const [asking, setAsking] = useState(false);
  const text = alarmText(kept, alarm);
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setCopied(t.auditLog.copied),
      () => setCopied(t.auditLog.copyFailed),
    );
  return (
    <section class="note bad stack log-alarm" aria-label={t.auditLog.title}>
      <div role="alert" class="stack tight">
        <h2>{t.auditLog.alarms[alarm.reason]}</h2>
        <p>
          {t.auditLog.meanings[alarm.reason]}{' '}
          {kept.size > 0 && `${t.auditLog.lastGood(dateAndTime(kept.checkedAt), kept.size)} `}
          {t.auditLog.found(dateAndTime(alarm.at))}
        </p>
        <p>
          <strong>{t.auditLog.whatToDo}</strong> {t.auditLog.instructions}
        </p>
      </div>
      <div class="row">
        <button onClick={() => saveFile('audit-log-checkpoints.txt', new Blob([text], { type: 'text/plain' }))}>
          {t.auditLog.save}
        </button>
        <button onClick={() => void copy()}>{t.auditLog.copy}</button>
        <button onClick={() => setAsking(true)}>{t.auditLog.accept}</button>
        <span role="status" class="small">
          {copied}
        </span>
      </div>
      <details>
        <summary>{t.auditLog.both}</summary>
        <pre class="code">{text}</pre>
      </details>
      {asking && (
        <Dialog title={t.auditLog.acceptTitle} onClose={() => setAsking(false)}>
          <p>{t.auditLog.acceptEffect}</p>
          <div class="row">
            <button
              class="danger"
              onClick={() => {
                setAsking(false);
                void watch.acceptCurrent();
              }}
            >
              {t.auditLog.forget}
            </button>
            <button onClick={() => setAsking(false)}>{t.auditLog.keep}</button>
          </div>
        </Dialog>
      )}
    </section>
  );
}
