import { useState } from 'preact/hooks';
import type { SessionView } from '../../protocol/down.ts';
import type { Event } from '../../protocol/events.ts';
import type { Api } from '../shared/api.ts';
import { eventTitle } from '../shared/event-name.ts';
import { Problem } from '../shared/field.tsx';
import { requestNote } from '../shared/request-note.ts';
import { useZone } from '../shared/shown-zone.ts';
import { zonedTimeOfDay } from '../shared/time-format.ts';
import { useAction } from '../shared/use-action.ts';
import { FaceCheckDialog } from './face-check-dialog.tsx';
import { t } from './messages.ts';

interface RequestsProps {
  readonly api: Api;
  readonly session: SessionView;
  /** The student's name or pseudonym, as shown on this screen. */
  readonly name: string;
  /** Newest first. */
  readonly events: readonly Event[];
}

const TURNS: ReadonlySet<string> = new Set([
  'CHALLENGE_ASKED',
  'CHALLENGE_PASSED',
  'CHALLENGE_FAILED',
  'CHALLENGE_NOT_SEEN',
]);

/** Requests of staff to the student: a head turn, a look at the room, and a face check by the person who looks. */
export function Requests({ api, session, name, events }: RequestsProps) {
  const zone = useZone();
  const { busy, error, run } = useAction();
  const [checking, setChecking] = useState(false);
  const { challenge = 'policy', faceCheck = false } = session.requests ?? {};
  const isPending = events.some(
    ({ type, endedAt }) => endedAt === null && (type === 'CHALLENGE_ASKED' || type === 'ROOM_LOOK'),
  );
  const cannot = busy || isPending || session.status !== 'active';
  const ask = (what: 'challenges' | 'room-looks') =>
    void run(() => api.post(`/api/sessions/${session.id}/${what}`, {}));
  const newest = [
    events.find(({ type, source }) => TURNS.has(type) && source !== 'client'),
    events.find(({ type, source }) => type === 'ROOM_LOOK' && source !== 'client'),
  ].filter((event) => event !== undefined);
  return (
    <section class="stack tight" aria-labelledby="requests">
      <h3 id="requests">{t.session.requests.title}</h3>
      <div class="row">
        {challenge === 'on' && (
          <button disabled={cannot} onClick={() => ask('challenges')}>
            {t.session.requests.turn}
          </button>
        )}
        <button disabled={cannot} onClick={() => ask('room-looks')}>
          {t.session.requests.look}
        </button>
        {faceCheck && (
          <button aria-haspopup="dialog" onClick={() => setChecking(true)}>
            {t.session.requests.check}
          </button>
        )}
      </div>
      {challenge === 'accommodation' && <p class="small muted">{t.session.requests.turnsOff}</p>}
      <div role="status">
        {newest.map((event) => (
          <p key={event.id} class="small">
            {stateOf(event, zonedTimeOfDay(event.startedAt, zone))}
          </p>
        ))}
      </div>
      <Problem>{error}</Problem>
      {checking && <FaceCheckDialog api={api} session={session.id} name={name} onClose={() => setChecking(false)} />}
    </section>
  );
}

function stateOf(event: Event, time: string): string {
  const words = [eventTitle(event), requestNote(event)].filter(Boolean).join(': ');
  return event.endedAt === null ? t.session.requests.waiting(time, words) : t.session.requests.at(time, words);
}
