import { zoneAliases } from '../../protocol/zone-names.ts';
import { locale } from './messages/locale.ts';

/** Zone of this machine. */
export const browserZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat(locale, {
      timeZone,
      weekday: 'short',
      day: 'numeric',
      month: 'short',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
      timeZoneName: 'short',
    });
    formats.set(timeZone, format);
  }
  return format;
}

/** Day and time in a zone, with its name: `Mon, 4 May 2026, 09:00 CEST`. */
export const timeInZone = (at: string | number, timeZone: string): string => formatOf(timeZone).format(new Date(at));

/** Offset of a zone at an instant, as people know it: `CEST` or `GMT+2`. */
export const offsetName = (at: number, timeZone: string): string =>
  formatOf(timeZone)
    .formatToParts(at)
    .find(({ type }) => type === 'timeZoneName')?.value ?? '';

/** All names of zones that this browser knows, second names of a zone and `also` among them. */
export const zoneNames = (also: string): string[] =>
  [...new Set([also, 'UTC', ...Intl.supportedValuesOf('timeZone'), ...zoneAliases()])].toSorted((a, b) =>
    a < b ? -1 : 1,
  );
