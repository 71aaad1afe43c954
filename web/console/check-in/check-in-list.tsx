import type { CheckInListItem } from '../../../protocol/http/check-in.ts';
import { Ticking } from '../../shared/ticking.tsx';
import { duration, hoursAndMinutes } from '../../shared/time-format.ts';
import { t } from '../messages.ts';
import type { Prefs } from '../prefs.ts';
import { shownName } from '../shown-name.ts';
import { thingsOf } from './things.ts';

interface CheckInListProps {
  readonly items: readonly CheckInListItem[];
  readonly current: string | undefined;
  readonly names: Prefs['names'];
  /** Zones of exams, by id. */
  readonly zoneOf: (exam: string) => string | undefined;
  readonly onChoose: (id: string) => void;
}

/** Students in the order of the server: who waits longest is first. */
export function CheckInList({ items, current, names, zoneOf, onChoose }: CheckInListProps) {
  return (
    <ol class="plain incidents" aria-label={t.checkIn.list}>
      {items.map((item) => (
        <li key={item.id}>
          <button
            class="incident check-in-row"
            aria-current={item.id === current ? 'true' : undefined}
            onClick={() => onChoose(item.id)}
          >
            <span>
              <span class="incident-name">{shownName({ id: item.id, studentName: item.student.name }, names)}</span>
              <span class="incident-time small muted">{placeOf(item)}</span>
              <span class="incident-time small">{lineOf(item, zoneOf(item.exam.id))}</span>
              {item.viewers.length > 0 && (
                <span class="incident-time small">
                  {t.session.team.open(item.viewers.map(({ name }) => name).join(', '))}
                </span>
              )}
            </span>
            <span class="small tabular">
              <Ticking text={(now) => sinceOf(item, now)} />
            </span>
          </button>
        </li>
      ))}
    </ol>
  );
}

const placeOf = ({ exam, room, seat }: CheckInListItem): string =>
  [
    exam.title,
    ...(room === null ? [] : [t.wall.roomPrefix + room]),
    ...(seat === null ? [] : [t.session.seat(seat)]),
  ].join(' · ');

/** What is missing, until when the student may begin, and that accommodations apply. */
const lineOf = ({ missing, startUntil, accommodations }: CheckInListItem, zone: string | undefined): string =>
  [
    ...(missing.length > 0 ? [t.checkIn.missing(thingsOf(missing))] : []),
    ...(startUntil === null ? [] : [t.checkIn.startUntil(hoursAndMinutes(startUntil, zone))]),
    ...(accommodations ? [t.accommodations.title] : []),
  ].join(' · ');

function sinceOf({ state, since }: CheckInListItem, now: number): string {
  const time = duration(Math.max(0, now - Date.parse(since)));
  return state === 'waiting' ? t.checkIn.waitsFor(time) : t.checkIn.stateFor(t.checkIn.states[state], time);
}
