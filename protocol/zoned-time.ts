/** Times of day in a time zone, for people, and the instants that they name. No imports: part of the pages. */

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    const two = '2-digit';
    format = new Intl.DateTimeFormat('en', {
      timeZone: zone,
      calendar: 'iso8601',
      hourCycle: 'h23',
      year: 'numeric',
      month: two,
      day: two,
      hour: two,
      minute: two,
      second: two,
    });
    formats.set(zone, format);
  }
  return format;
}

/** Wall clock of a zone at an instant, as if it were UTC, ms. */
export function wallOf(at: number, zone: string): number {
  const part: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
  for (const { type, value } of formatOf(zone).formatToParts(at)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const LOCAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d$/;

/** Wall clock of a zone at an instant, as `2026-03-29T02:30`. */
export const localTime = (at: number, zone: string): string => new Date(wallOf(at, zone)).toISOString().slice(0, 16);

/**
 * Instants at which a zone's clock shows a local time, earliest first: none in the hour that the clock skips, two in
 * the hour that it repeats.
 * @param local `2026-03-29T02:30`
 */
export function instantsOf(local: string, zone: string): number[] {
  const wall = LOCAL.test(local) ? Date.parse(`${local}Z`) : Number.NaN;
  if (Number.isNaN(wall)) return [];
  // The offsets of the zone on both sides of any change near the time.
  const offsets = [wall - DAY, wall + DAY].map((near) => wallOf(near, zone) - near);
  return [...new Set(offsets)]
    .map((offset) => wall - offset)
    .filter((at) => localTime(at, zone) === local)
    .toSorted((a, b) => a - b);
}

/** Start of a zone's day at an instant, and of the next day: 23, 24 or 25 hours later. */
export function dayAround(at: number, zone: string): { readonly from: number; readonly to: number } {
  const midnight = Math.floor(wallOf(at, zone) / DAY) * DAY;
  return { from: startOfDay(midnight, zone), to: startOfDay(midnight + DAY, zone) };
}

/** First instant of a day: where the clock skips midnight, the end of the skipped time. */
function startOfDay(midnight: number, zone: string): number {
  for (let wall = midnight; wall < midnight + DAY; wall += 15 * MINUTE) {
    const [first] = instantsOf(new Date(wall).toISOString().slice(0, 16), zone);
    if (first !== undefined) return first;
  }
  return midnight;
}
