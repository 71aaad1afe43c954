import type { SessionView } from '../../protocol/down.ts';
import { number } from '../shared/messages/numbers.ts';
import { t } from './messages.ts';
import type { Prefs } from './prefs.ts';
import type { AttemptView } from './use-session.ts';

interface StudentPlaceProps {
  readonly session: SessionView;
  /** Undefined until it is read. */
  readonly student: AttemptView['student'] | undefined;
  readonly names: Prefs['names'];
}

/** Student number, room, seat and attempt, as far as they are known; the number only beside the name. */
export function StudentPlace({ session, student, names }: StudentPlaceProps) {
  const parts = [
    ...(student?.studentNumber && names !== 'hidden' ? [t.session.studentNumber(student.studentNumber)] : []),
    ...(session.room !== null ? [t.wall.roomPrefix + session.room] : []),
    ...(student?.seat ? [t.session.seat(student.seat)] : []),
    t.session.attempt(number(session.attempt ?? 1)),
  ];
  return <p class="small muted">{parts.join(' · ')}</p>;
}
