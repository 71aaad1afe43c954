import { instantsOf, localTime } from '../../../protocol/zoned-time.ts';

/** A time as a form holds it: the clock of the exam's zone. */
export interface ZonedValue {
  /** `2026-05-04T09:00`, or empty. */
  readonly local: string;
  /** Of a time that the clock shows twice, the second. */
  readonly second: boolean;
}

export type Reading =
  | { readonly kind: 'none' }
  /** The clock skips it. */
  | { readonly kind: 'missing' }
  | { readonly kind: 'once'; readonly at: number }
  /** The clock shows it twice. */
  | { readonly kind: 'twice'; readonly at: number; readonly instants: readonly [number, number] };

export const NO_TIME: ZonedValue = { local: '', second: false };

/** Pure: the instant that a value names in a zone. */
export function readZoned({ local, second }: ZonedValue, zone: string): Reading {
  if (local === '') return { kind: 'none' };
  const [first, next] = instantsOf(local, zone);
  if (first === undefined) return { kind: 'missing' };
  if (next === undefined) return { kind: 'once', at: first };
  return { kind: 'twice', at: second ? next : first, instants: [first, next] };
}

/** Pure: the value that shows an instant. */
export function zonedValue(at: string | null, zone: string): ZonedValue {
  if (at === null) return NO_TIME;
  // Forms have no seconds.
  const minute = Math.floor(Date.parse(at) / 60_000) * 60_000;
  const local = localTime(minute, zone);
  return { local, second: instantsOf(local, zone)[1] === minute };
}
