import type { CheckInListItem } from '../../../protocol/http/check-in.ts';
import { duration } from '../../shared/time-format.ts';
import { t } from '../messages.ts';
import type { Prefs } from '../prefs.ts';
import { shownAddress } from '../shown-name.ts';

interface StudentFactsProps {
  readonly checkIn: CheckInListItem;
  readonly names: Prefs['names'];
}

/** Exam, number, room and seat, and the accommodations that were granted. */
export function StudentFacts({ checkIn, names }: StudentFactsProps) {
  const { exam, student, room, seat } = checkIn;
  const parts = [
    exam.title,
    shownAddress({ studentName: student.name, studentEmail: student.email ?? student.name }, names),
    ...(student.studentNumber && names !== 'hidden' ? [t.session.studentNumber(student.studentNumber)] : []),
    ...(room === null ? [] : [t.wall.roomPrefix + room]),
    ...(seat === null ? [] : [t.session.seat(seat)]),
  ];
  return (
    <div class="stack tight">
      <p class="small muted">{parts.filter(Boolean).join(' · ')}</p>
      <Granted given={checkIn.accommodations} />
    </div>
  );
}

function Granted({ given }: { readonly given: CheckInListItem['accommodations'] }) {
  if (!given) return null;
  const { extraMinutes, breakMinutes, headCovering, profile, note } = given;
  const minutes = (count: number) => duration(count * 60_000);
  const lines = [
    ...(extraMinutes > 0 ? [t.checkIn.extra(minutes(extraMinutes))] : []),
    ...(breakMinutes > 0 ? [t.accommodations.breaks(minutes(breakMinutes))] : []),
    ...(headCovering ? [t.accommodations.headCovering] : []),
    ...(note === null ? [] : [t.accommodations.note(note)]),
  ];
  return (
    <aside class="accommodations small" aria-label={t.accommodations.title}>
      <strong>{t.accommodations.title}</strong>
      {profile !== null && <span class="muted"> · {profile}</span>}
      {lines.length > 0 && (
        <ul>
          {lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
    </aside>
  );
}
