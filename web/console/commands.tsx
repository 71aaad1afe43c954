import { useEffect, useState } from 'preact/hooks';
import type { Command } from '../../protocol/console.ts';
import type { SessionView } from '../../protocol/down.ts';
import type { Event } from '../../protocol/events.ts';
import { Dialog } from '../shared/dialog.tsx';
import { Field, formValues, Problem } from '../shared/field.tsx';
import { timeOfDay } from '../shared/time-format.ts';
import type { ConsoleClient } from './console-client.ts';

interface CommandsProps {
  readonly client: ConsoleClient;
  readonly session: SessionView;
  /** What the session is called on this screen. */
  readonly name: string;
  /** Newest first. */
  readonly events: readonly Event[];
}

type Asked = 'message' | 'pause' | 'extend' | 'terminate';

/** What a command is recorded as, and what to say then. */
const RECORDED: Record<Command['do'], { type: string; words: string }> = {
  message: { type: 'PROCTOR_MESSAGE', words: 'Message sent' },
  pause: { type: 'SESSION_PAUSED', words: 'Paused' },
  resume: { type: 'SESSION_RESUMED', words: 'Resumed' },
  extend: { type: 'SESSION_EXTENDED', words: 'More time given' },
  terminate: { type: 'SESSION_TERMINATED', words: 'Ended' },
};

const TITLES: Record<Asked, string> = {
  message: 'Message',
  pause: 'Pause the exam',
  extend: 'Give more time',
  terminate: 'End this exam',
};
const DO: Record<Asked, string> = {
  message: 'Send',
  pause: 'Pause the exam',
  extend: 'Give more time',
  terminate: 'End the exam for this student',
};

/** What a proctor can do to a session. Each is told to the student and recorded with the proctor's name. */
export function Commands({ client, session, name, events }: CommandsProps) {
  const [asked, setAsked] = useState<Asked>();
  const [fault, setFault] = useState<string>();
  const [given, setGiven] = useState<{ command: Command['do']; afterSeq: number }>();
  useEffect(
    () =>
      client.on('error', ({ ref, message }) => {
        if (ref !== session.id) return;
        setFault(message);
        setGiven(undefined);
      }),
    [client, session.id],
  );
  const give = (command: Command) => {
    const sent = client.command(command);
    setFault(sent ? undefined : 'Not connected: nothing was sent.');
    setGiven(sent ? { command: command.do, afterSeq: events[0]?.seq ?? 0 } : undefined);
    setAsked(undefined);
  };
  const base = { type: 'command', session: session.id } as const;
  const submit = (event: SubmitEvent) => {
    const { words = '', minutes } = formValues(event);
    const reason = words ? { reason: words } : {};
    if (asked === 'message') give({ ...base, do: 'message', text: words });
    if (asked === 'pause') give({ ...base, do: 'pause', ...reason });
    if (asked === 'extend') give({ ...base, do: 'extend', minutes: Number(minutes), ...reason });
    if (asked === 'terminate') give({ ...base, do: 'terminate', reason: words });
  };
  const choice = (which: Asked, label: string, danger = false) => (
    <button class={danger ? 'danger' : ''} aria-haspopup="dialog" onClick={() => setAsked(which)}>
      {label}
    </button>
  );
  const recorded =
    given && events.find(({ type, seq }) => type === RECORDED[given.command].type && seq > given.afterSeq);
  return (
    <div class="stack tight">
      {session.status !== 'ended' && (
        <div class="row">
          {choice('message', 'Message')}
          {session.status === 'paused' ? (
            <button onClick={() => give({ ...base, do: 'resume' })}>Resume</button>
          ) : (
            choice('pause', 'Pause')
          )}
          {session.deadline && choice('extend', 'Extend')}
          {choice('terminate', 'Terminate', true)}
        </div>
      )}
      <p class="small" role="status">
        {given &&
          (recorded
            ? `${RECORDED[given.command].words}; recorded at ${timeOfDay(recorded.startedAt)}.`
            : 'Asked for …')}
      </p>
      <Problem>{fault}</Problem>
      {asked && (
        <Dialog title={`${TITLES[asked]}: ${name}`} onClose={() => setAsked(undefined)}>
          <form class="stack" onSubmit={submit}>
            {asked === 'terminate' && <p>The student can write no more. This cannot be taken back.</p>}
            {asked === 'extend' && (
              <Field label="Minutes" name="minutes" type="number" min={1} max={600} step={1} required />
            )}
            <Field
              label={
                asked === 'message'
                  ? 'Message to the student'
                  : asked === 'terminate'
                    ? 'Reason, shown to the student'
                    : 'Reason (may be empty)'
              }
              name="words"
              maxLength={2000}
              required={asked === 'message' || asked === 'terminate'}
            />
            <div class="row">
              <button class={asked === 'terminate' ? 'danger' : 'primary'}>{DO[asked]}</button>
              <button type="button" onClick={() => setAsked(undefined)}>
                Cancel
              </button>
            </div>
          </form>
        </Dialog>
      )}
    </div>
  );
}
