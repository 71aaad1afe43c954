import { useEffect, useState } from 'preact/hooks';
import type { Command } from '../../protocol/console.ts';
import type { SessionView } from '../../protocol/down.ts';
import { Field, formValues, Problem } from '../shared/field.tsx';
import type { ConsoleClient } from './console-client.ts';

interface CommandsProps {
  readonly client: ConsoleClient;
  readonly session: SessionView;
}

type Asked = 'message' | 'pause' | 'extend' | 'terminate';

/** What a proctor can do to a session. Each is recorded with the proctor's name. */
export function Commands({ client, session }: CommandsProps) {
  const [asked, setAsked] = useState<Asked>();
  const [fault, setFault] = useState<string>();
  useEffect(
    () =>
      client.on('error', ({ ref, message }) => {
        if (ref === session.id) setFault(message);
      }),
    [client, session.id],
  );
  const give = (command: Command) => {
    setFault(client.command(command) ? undefined : 'Not connected: nothing was sent.');
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
  const choice = (name: Asked, label: string, danger = false) => (
    <button class={danger ? 'small danger' : 'small'} aria-expanded={asked === name} onClick={() => setAsked(asked === name ? undefined : name)}>
      {label}
    </button>
  );
  return (
    <div class="stack">
      <div class="row">
        {choice('message', 'Message')}
        {session.status === 'paused' ? (
          <button class="small" onClick={() => give({ ...base, do: 'resume' })}>
            Resume
          </button>
        ) : (
          choice('pause', 'Pause')
        )}
        {session.deadline && choice('extend', 'Extend')}
        {choice('terminate', 'Terminate', true)}
      </div>
      {asked && (
        <form class="stack" onSubmit={submit} key={asked}>
          {asked === 'extend' && <Field label="Minutes" name="minutes" type="number" min={1} max={600} step={1} required />}
          <Field
            label={asked === 'message' ? 'Message to the student' : asked === 'terminate' ? 'Reason, shown to the student' : 'Reason (may be empty)'}
            name="words"
            maxLength={2000}
            required={asked === 'message' || asked === 'terminate'}
          />
          <div>
            <button class={asked === 'terminate' ? 'danger' : 'primary'}>{DO[asked]}</button>
          </div>
        </form>
      )}
      <Problem>{fault}</Problem>
    </div>
  );
}

const DO: Record<Asked, string> = {
  message: 'Send',
  pause: 'Pause the exam',
  extend: 'Give more time',
  terminate: 'End the exam for this student',
};
