import { locale } from './messages/locale.ts';

type Time = string | number;

const format = (options: Intl.DateTimeFormatOptions) => {
  const formatter = new Intl.DateTimeFormat(locale, { hourCycle: 'h23', ...options });
  return (at: Time): string => formatter.format(new Date(at));
};
const unit = (name: 'hour' | 'minute' | 'second') => {
  const formatter = new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'short' });
  return (value: number): string => formatter.format(value);
};
const [hours, minutes, seconds] = [unit('hour'), unit('minute'), unit('second')];

/** Time of day on this machine, always two digits each so that lists line up. */
export const timeOfDay = format({ hour: '2-digit', minute: '2-digit', second: '2-digit' });
export const hoursAndMinutes = format({ hour: '2-digit', minute: '2-digit' });
export const dateAndTime = format({ dateStyle: 'medium', timeStyle: 'short' });
export const day = format({ dateStyle: 'long' });

/** The two largest units: `8 sec`, `3 min 20 sec`, `1 hr 5 min`, as the reader's language writes them. */
export function duration(ms: number): string {
  const total = Math.max(0, Math.round(ms / 1000));
  const [h, m, s] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
  if (h > 0) return m > 0 ? `${hours(h)} ${minutes(m)}` : hours(h);
  if (m > 0) return s > 0 ? `${minutes(m)} ${seconds(s)}` : minutes(m);
  return seconds(s);
}
