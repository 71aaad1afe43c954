import { useEffect, useRef } from 'preact/hooks';
import type { Event } from '../../protocol/events.ts';
import { personName } from './person-name.ts';
import type { AttemptView } from './use-session.ts';

/**
 * Names of authors of the acts of staff. One who is not known yet is read once.
 * @param reload reads the names anew
 */
export function useAuthors(
  attempt: AttemptView | undefined,
  events: readonly Event[],
  reload: () => Promise<void>,
): (event: Event) => string | undefined {
  const asked = useRef(new Set<string>());
  const staff = attempt?.staff ?? [];
  const unknown = attempt
    ? events
        .map(authorOf)
        .find((id) => id !== undefined && !staff.some((one) => one.id === id) && !asked.current.has(id))
    : undefined;
  useEffect(() => {
    if (unknown === undefined) return;
    asked.current.add(unknown);
    reload().catch(() => {});
  }, [unknown]);
  return authorIn(staff);
}

/** Pure: the name of an event's author, of those who are named. */
export const authorIn =
  (staff: AttemptView['staff'] = []) =>
  (event: Event): string | undefined => {
    const person = staff.find(({ id }) => id === authorOf(event));
    return person && personName(person);
  };

/** User id; a client's event must not speak for staff. */
function authorOf({ source, details }: Event): string | undefined {
  const { by } = details;
  return source === 'proctor' && typeof by === 'string' ? by : undefined;
}
