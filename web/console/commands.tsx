import { useEffect, useState } from 'preact/hooks';
import type { Command } from '../../protocol/console.ts';
import type { SessionView } from '../../protocol/down.ts';
import type { Event } from '../../protocol/events.ts';
import { Dialog } from '../shared/dialog.tsx';
import { Field, formValues, Problem } from '../shared/field.tsx';
import { useZone } from '../shared/shown-zone.ts';
import { zonedTimeOfDay } from '../shared/time-format.ts';
import { common } from '../shared/messages/common.ts';
import { problemText } from '../shared/messages/problems.ts';
import type { ConsoleClient } from './console-client.ts';
import { t } from './messages.ts';

interface CommandsProps {
  readonly client: ConsoleClient;
  readonly session: SessionView;
  /** The student's name or pseudonym, as shown on this screen. */
  readonly name: string;
  /** Newest first. */
  readonly events: readonly Event[];
}

type Asked = 'message' | 'pause' | 'extend' | 'terminate';

/** Event that records each command. */
const RECORDED: Record<Command['do'], string> = {
  message: 'PROCTOR_MESSAGE',
  pause: 'SESSION_PAUSED',
  resume: 'SESSION_RESUMED',
  extend: 'SESSION_EXTENDED',
  terminate: 'SESSION_TERMINATED',
};

/** Commands of a proctor for a session. Each is sent to the student and recorded with the proctor's name. */
export function Commands({ client, session, name, events }: CommandsProps) {
  const zone = useZone();
  const [asked, setAsked] = useState<Asked>();
  const [fault, setFault] = useState<string>();
  const [given, setGiven] = useState<{ command: Command['do']; afterSeq: number }>();
  useEffect(
    () =>
      client.on('error', ({ ref, code, message, retryable }) => {
        if (ref !== session.id) return;
        setFault(problemText(code, { detail: message, retryable }));
        setGiven(undefined);
      }),
    [client, session.id],
  );
  const give = (command: Command) => {
    const sent = client.command(command);
    setFault(sent ? undefined : t.session.notSent);
    setGiven(sent ? { command: command.do, afterSeq: events[0]?.seq ?? 0 } : undefined);
    setAsked(undefined);
  };
  const base = { type: 'command', session: session.id } as const;
  const submit = (event: SubmitEvent) => {
    const { text = '', minutes } = formValues(event);
    const reason = text ? { reason: text } : {};
    if (asked === 'message') give({ ...base, do: 'message', text });
    if (asked === 'pause') give({ ...base, do: 'pause', ...reason });
    if (asked === 'extend') give({ ...base, do: 'extend', minutes: Number(minutes), ...reason });
    if (asked === 'terminate') give({ ...base, do: 'terminate', reason: text });
  };
  const choice = (command: Asked, danger = false) => (
    <button class={danger ? 'danger' : ''} aria-haspopup="dialog" onClick={() => setAsked(command)}>
      {t.session.commands[command]}
    </button>
  );
  const recorded = given && events.find(({ type, seq }) => type === RECORDED[given.command] && seq > given.afterSeq);
  return (
    <div class="stack tight">
      {session.status !== 'ended' && (
        <div class="row">
          {choice('message')}
          {session.status === 'paused' ? (
            <button key="resume" onClick={() => give({ ...base, do: 'resume' })}>
              {t.session.commands.resume}
            </button>
          ) : (
            choice('pause')
          )}
          {session.deadline && choice('extend')}
          {choice('terminate', true)}
        </div>
      )}
      <p class="small" role="status">
        {given &&
          (recorded
            ? t.session.recorded(t.session.done[given.command], zonedTimeOfDay(recorded.startedAt, zone))
            : t.session.pending)}
      </p>
      <Problem>{fault}</Problem>
      {asked && (
        <Dialog title={t.session.dialogTitle(t.session.dialogs[asked], name)} onClose={() => setAsked(undefined)}>
          <form class="stack" onSubmit={submit}>
            {asked === 'terminate' && <p>{t.session.terminateEffect}</p>}
            {asked === 'extend' && (
              <Field label={t.session.minutes} name="minutes" type="number" min={1} max={600} step={1} required />
            )}
            <Field
              label={
                asked === 'message'
                  ? t.session.messageText
                  : asked === 'terminate'
                    ? t.session.reasonShown
                    : t.session.reasonOptional
              }
              name="text"
              maxLength={2000}
              required={asked === 'message' || asked === 'terminate'}
            />
            <div class="row">
              <button class={asked === 'terminate' ? 'danger' : 'primary'}>{t.session.confirm[asked]}</button>
              <button type="button" onClick={() => setAsked(undefined)}>
                {common.cancel}
              </button>
            </div>
          </form>
        </Dialog>
      )}
    </div>
  );
}
