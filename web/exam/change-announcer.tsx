import { useEffect, useRef, useState } from 'preact/hooks';
import { duration, zonedTimeOfDay } from '../shared/time-format.ts';
import type { InvigilClient } from '../sdk/client.ts';
import { t } from './messages.ts';
import type { SessionView } from './session-view.ts';

/** A change is shown for this long, ms. */
const SHOWN_MS = 3 * 60_000;

interface ChangeAnnouncerProps {
  readonly client: InvigilClient;
  readonly view: SessionView;
}

/** States that the exam resumed or was extended, and its new end, in the student's zone. Always there, for screen readers. */
export function ChangeAnnouncer({ client, view: { paused, deadline } }: ChangeAnnouncerProps) {
  const [text, setText] = useState('');
  const before = useRef({ paused, deadline });
  useEffect(() => {
    const { current: last } = before;
    before.current = { paused, deadline };
    const resumed = last.paused && !paused;
    const added = last.deadline && deadline ? Date.parse(deadline) - Date.parse(last.deadline) : 0;
    const left = duration(client.remainingMs ?? 0);
    if (resumed && deadline && added > 0) setText(t.resumedUntil(duration(added), left, zonedTimeOfDay(deadline)));
    else if (resumed) setText(t.resumed);
    else if (paused && !last.paused) setText('');
    else if (added > 0 && deadline)
      setText(paused ? t.extendedPaused(left) : t.extended(left, zonedTimeOfDay(deadline)));
    else return;
    const timer = setTimeout(() => setText(''), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [client, paused, deadline]);
  return (
    <p class={text ? 'note' : 'unseen'} role="status">
      {text}
    </p>
  );
}
