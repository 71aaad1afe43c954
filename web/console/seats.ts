/** Positions of tiles on the wall. A tile never moves on its own, so that a session is found where it was. */

/** Session ids by position; null is an empty one. */
export type Seats = readonly (string | null)[];

export const PAGE_SEATS = 60;

/** Pure: sessions without a seat take the first empty ones, in the order given. */
export function arrive(seats: Seats, ids: Iterable<string>): Seats {
  const seated = new Set(seats);
  const next = [...seats];
  let empty = 0;
  for (const id of ids) {
    if (seated.has(id)) continue;
    seated.add(id);
    while (empty < next.length && next[empty] !== null) empty++;
    next[empty] = id;
  }
  return next.length === seats.length && next.every((id, seat) => id === seats[seat]) ? seats : next;
}

/** Pure: empties these seats; the others do not move. */
export function leave(seats: Seats, gone: ReadonlySet<string>): Seats {
  if (!seats.some((id) => id !== null && gone.has(id))) return seats;
  const next = seats.map((id) => (id !== null && gone.has(id) ? null : id));
  return next.slice(0, next.findLastIndex((id) => id !== null) + 1);
}

/** Pure: closes the gaps, at a user's request only. */
export const compact = (seats: Seats): Seats => seats.filter((id) => id !== null);

export const pageCount = (seats: Seats): number => Math.max(1, Math.ceil(seats.length / PAGE_SEATS));

/** @param page from 0 */
export const pageOf = (seats: Seats, page: number): Seats => seats.slice(page * PAGE_SEATS, (page + 1) * PAGE_SEATS);
