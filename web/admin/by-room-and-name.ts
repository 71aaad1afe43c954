import { locale } from '../shared/messages/locale.ts';

type Keys = readonly [room: string | null, name: string, email: string];

/** Order of printed lists: by room with numbers by value, those without one last; then by name. */
export function byRoomAndName<T>(keysOf: (row: T) => Keys): (a: T, b: T) => number {
  const { compare } = new Intl.Collator(locale, { numeric: true });
  return (a, b) => {
    const [[roomA, nameA, emailA], [roomB, nameB, emailB]] = [keysOf(a), keysOf(b)];
    if (roomA !== roomB) {
      if (roomA === null) return 1;
      if (roomB === null) return -1;
      return compare(roomA, roomB);
    }
    return compare(nameA, nameB) || compare(emailA, emailB);
  };
}
