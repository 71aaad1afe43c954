import { useState } from 'preact/hooks';
import { Dialog } from '../shared/dialog.tsx';
import { saveFile } from '../shared/save-file.ts';
import { dateAndTime } from '../shared/time-format.ts';
import { type AlarmReason, alarmText, type KeptLog, type LogAlarm } from './kept-log.ts';
import type { LogWatch } from './log-watch.ts';
import { useLogView } from './use-log-watch.ts';

const WORDS: Record<AlarmReason, string> = {
  key: 'The audit log is signed with another key than before',
  signature: 'The audit log is not signed as it should be',
  smaller: 'Entries of the audit log are gone',
  rewritten: 'The audit log was changed',
};

const MEANING: Record<AlarmReason, string> = {
  key: 'Its operator may have changed the key or set the server up anew, and can then tell you so. Otherwise this is not the log that you knew.',
  signature: 'What the server shows was not signed with its key.',
  smaller:
    'The server showed more of them before. A database that was restored from a backup looks like this, and so does a log whose end was cut off.',
  rewritten:
    'What the server showed before is not the beginning of what it shows now. A log that is only ever appended to cannot do that.',
};

/** Stays until a person has looked. */
export function LogAlarmNote({ watch }: { readonly watch: LogWatch }) {
  const { kept } = useLogView(watch);
  return kept?.alarm ? <Alarm watch={watch} kept={kept} alarm={kept.alarm} /> : null;
}

function Alarm({ watch, kept, alarm }: { readonly watch: LogWatch; readonly kept: KeptLog; readonly alarm: LogAlarm }) {
  const [done, setDone] = useState('');
  const [asking, setAsking] = useState(false);
  const text = alarmText(kept, alarm);
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setDone('Copied.'),
      () => setDone('This browser does not let the page copy: save it instead.'),
    );
  return (
    <section class="note bad stack log-alarm" aria-label="Audit log">
      <div role="alert" class="stack tight">
        <h2>{WORDS[alarm.reason]}</h2>
        <p>
          {MEANING[alarm.reason]}{' '}
          {kept.size > 0 &&
            `Until ${dateAndTime(new Date(kept.checkedAt).toISOString())} it was good, with ${kept.size.toLocaleString('en')} entries. `}
          Found {dateAndTime(new Date(alarm.at).toISOString())}.
        </p>
        <p>
          <strong>What to do:</strong> save both checkpoints, what was good and what is shown now, and give them to
          whoever audits this server: it can be proved with them what was signed. Do not delete this browser's data.
          Have the log exported and verified against the good one; until then do not rely on what the server says about
          the past.
        </p>
      </div>
      <div class="row">
        <button onClick={() => saveFile('audit-log-checkpoints.txt', new Blob([text], { type: 'text/plain' }))}>
          Save both checkpoints
        </button>
        <button onClick={() => void copy()}>Copy them</button>
        <button onClick={() => setAsking(true)}>Take the log as it is now …</button>
        <span role="status" class="small">
          {done}
        </span>
      </div>
      <details>
        <summary>Both checkpoints</summary>
        <pre class="code">{text}</pre>
      </details>
      {asking && (
        <Dialog title="Take the log as it is now?" onClose={() => setAsking(false)}>
          <p>
            This browser then forgets the checkpoint that was good. Do it only when it is saved and somebody has found
            out what happened.
          </p>
          <div class="row">
            <button
              class="danger"
              onClick={() => {
                setAsking(false);
                void watch.trustAnew();
              }}
            >
              Forget it
            </button>
            <button onClick={() => setAsking(false)}>Keep it</button>
          </div>
        </Dialog>
      )}
    </section>
  );
}
