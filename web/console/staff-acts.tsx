import type { Event } from '../../protocol/events.ts';
import { number } from '../shared/messages/numbers.ts';
import { eventTitle } from '../shared/event-name.ts';
import { proctorNote } from '../shared/proctor-note.ts';
import { requestNote } from '../shared/request-note.ts';
import { useZone } from '../shared/shown-zone.ts';
import { dateAndSeconds } from '../shared/time-format.ts';
import { t } from './messages.ts';
import { personName } from './person-name.ts';
import { hrefOf } from './route.ts';
import type { AttemptView } from './use-session.ts';

interface StaffActsProps {
  readonly attempt: AttemptView;
  readonly events: readonly Event[];
}

/** All acts of staff on a session, and terminations of the student's earlier attempts, with author, figures and reason. */
export function StaffActs({ attempt: { session, attempts, readmissions, staff = [] }, events }: StaffActsProps) {
  const zone = useZone();
  const terminated = events.filter(({ type, source }) => type === 'SESSION_TERMINATED' && source === 'proctor');
  const earlier = attempts.filter(({ id, endReason }) => id !== session.id && endReason === 'terminated');
  const checked = events.filter(({ type, source }) => type === 'FACE_CHECK' && source === 'proctor');
  const others = events.filter(
    ({ type, source }) => source === 'proctor' && !['SESSION_TERMINATED', 'FACE_CHECK'].includes(type),
  );
  if (terminated.length + earlier.length + readmissions.length + checked.length + others.length === 0) return null;
  const nameOf = (id: unknown) => {
    const person = staff.find((one) => one.id === id);
    return person ? personName(person) : t.review.unnamed;
  };
  const lines = [
    ...terminated.map(({ id, startedAt, details }) => ({
      id,
      at: startedAt,
      text: t.review.terminatedBy(nameOf(details['by']), dateAndSeconds(startedAt, zone)),
      reason: typeof details['reason'] === 'string' ? details['reason'] : '',
      more: '',
    })),
    ...others.map((event) => ({
      id: event.id,
      at: event.startedAt,
      text: t.review.actBy(eventTitle(event), nameOf(event.details['by']), dateAndSeconds(event.startedAt, zone)),
      reason: requestNote(event) ?? proctorNote(event, zone) ?? '',
      more: event.review ? t.review.decisions[event.review] : '',
    })),
    ...checked.map((event) => ({
      id: event.id,
      at: event.startedAt,
      text: t.review.faceCheckedBy(
        nameOf(event.details['by']),
        dateAndSeconds(event.startedAt, zone),
        requestNote(event) ?? '',
      ),
      reason: '',
      more: '',
    })),
    ...readmissions.map(({ id, kind, at, by, reason, extraMinutes, usedAt, withdrawnAt }) => ({
      id,
      at,
      text: t.session.readmitted[kind](personName(by), dateAndSeconds(at, zone)),
      reason,
      more: [
        extraMinutes > 0 ? t.review.extraMinutes(number(extraMinutes)) : '',
        usedAt
          ? t.session.readmissionState.used(dateAndSeconds(usedAt, zone))
          : withdrawnAt
            ? t.session.readmissionState.withdrawn(dateAndSeconds(withdrawnAt, zone))
            : t.session.readmissionState.pending,
      ].join(' '),
    })),
  ].toSorted((a, b) => a.at.localeCompare(b.at));
  return (
    <section class="stack tight" aria-labelledby="staff-acts">
      <h2 id="staff-acts">{t.review.staffActs}</h2>
      <ul class="plain stack tight small">
        {earlier.map(({ id, attempt, endedAt, startedAt }) => (
          <li key={id}>
            <a href={hrefOf({ page: 'review', session: id })}>
              {t.review.attemptTerminated(number(attempt), dateAndSeconds(endedAt ?? startedAt, zone))}
            </a>
          </li>
        ))}
        {lines.map(({ id, text, reason, more }) => (
          <li key={id}>
            {text} {reason} <span class="muted">{more}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
