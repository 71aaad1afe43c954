import { useEffect, useRef, useState } from 'preact/hooks';
import { duration } from '../shared/time-format.ts';
import type { InvigilClient } from '../sdk/client.ts';
import { t } from './messages.ts';
import type { SessionView } from './session-view.ts';

interface ChangeAnnouncerProps {
  readonly client: InvigilClient;
  readonly view: SessionView;
}

/** Tells screen readers that the exam resumed or was extended: on screen, a note disappears and the countdown jumps. */
export function ChangeAnnouncer({ client, view: { paused, deadline } }: ChangeAnnouncerProps) {
  const [text, setText] = useState('');
  const before = useRef({ paused, deadline });
  useEffect(() => {
    const { current: last } = before;
    before.current = { paused, deadline };
    if (last.paused && !paused) setText(t.resumed);
    else if (last.deadline && deadline && deadline > last.deadline)
      setText(t.extended(duration(client.remainingMs ?? 0)));
  }, [client, paused, deadline]);
  return (
    <p class="unseen" role="status">
      {text}
    </p>
  );
}
