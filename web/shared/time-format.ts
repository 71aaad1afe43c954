import { locale } from './messages/locale.ts';
import { browserZone } from './zone-format.ts';

type Time = string | number;

const formatters = new Map<string, Intl.DateTimeFormat>();

/** By the clock of a zone; of this machine, if none is given. */
const format = (options: Intl.DateTimeFormatOptions) => {
  const key = JSON.stringify(options);
  return (at: Time, timeZone: string = browserZone()): string => {
    let formatter = formatters.get(key + timeZone);
    if (!formatter) {
      formatter = new Intl.DateTimeFormat(locale, { hourCycle: 'h23', ...options, timeZone });
      formatters.set(key + timeZone, formatter);
    }
    return formatter.format(new Date(at));
  };
};
const unit = (name: 'hour' | 'minute' | 'second') => {
  const formatter = new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'short' });
  return (value: number): string => formatter.format(value);
};
const [hours, minutes, seconds] = [unit('hour'), unit('minute'), unit('second')];

const DATE = { day: 'numeric', month: 'short', year: 'numeric' } as const;
const MINUTE = { hour: '2-digit', minute: '2-digit' } as const;
const SECOND = { ...MINUTE, second: '2-digit' } as const;

/** Time of day without its zone, which a list names once; always two digits each so that lists line up. */
export const timeOfDay = format(SECOND);
export const hoursAndMinutes = format(MINUTE);
/** Times that stand alone name their zone. */
export const zonedTimeOfDay = format({ ...SECOND, timeZoneName: 'short' });
export const dateAndTime = format({ ...DATE, ...MINUTE, timeZoneName: 'short' });
export const dateAndSeconds = format({ ...DATE, ...SECOND, timeZoneName: 'short' });
export const day = format({ dateStyle: 'long' });

/** The two largest units: `8 sec`, `3 min 20 sec`, `1 hr 5 min`, as the reader's language writes them. */
export function duration(ms: number): string {
  const total = Math.max(0, Math.round(ms / 1000));
  const [h, m, s] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
  if (h > 0) return m > 0 ? `${hours(h)} ${minutes(m)}` : hours(h);
  if (m > 0) return s > 0 ? `${minutes(m)} ${seconds(s)}` : minutes(m);
  return seconds(s);
}
