import { locale } from '../shared/messages/locale.ts';

interface Keys {
  readonly room: string | null;
  readonly seat?: string | null;
  readonly name: string;
  readonly email: string;
}

/** A name is stored whole: its last word stands for the family name. */
const familyName = (name: string): string => name.trim().split(/\s+/).at(-1) ?? '';

/**
 * Order of printed lists: by room and seat with numbers by value, those without one last; then by family name, name and
 * address.
 */
export function byRoomAndName<T>(keysOf: (row: T) => Keys): (a: T, b: T) => number {
  const { compare } = new Intl.Collator(locale, { numeric: true });
  const nullLast = (a: string | null, b: string | null) => {
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    return compare(a, b);
  };
  return (one, other) => {
    const [a, b] = [keysOf(one), keysOf(other)];
    return (
      nullLast(a.room, b.room) ||
      nullLast(a.seat ?? null, b.seat ?? null) ||
      compare(familyName(a.name), familyName(b.name)) ||
      compare(a.name, b.name) ||
      compare(a.email, b.email)
    );
  };
}
