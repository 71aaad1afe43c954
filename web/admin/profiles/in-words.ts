import type { AccommodationTerms } from '../../../protocol/accommodations.ts';
import { number } from '../../shared/messages/numbers.ts';
import { duration } from '../../shared/time-format.ts';
import { t } from '../messages.ts';
import type { Setting, Value } from './setting.ts';
import { valueOf } from './setting.ts';

/** A value as people read it. @param none meaning of no value */
export function valueInWords(value: Value, none = t.profiles.noValue): string {
  if (value === null || value === '') return none;
  if (typeof value === 'boolean') return value ? t.profiles.on : t.profiles.off;
  if (typeof value === 'number') return number(value);
  return t.profiles.choices[value] ?? value;
}

/** Settings of a content that have another value than the default. */
export const changedIn = (settings: readonly Setting[], content: unknown): readonly Setting[] =>
  settings.filter((setting) => valueOf(setting, content) !== setting.default);

/** Accommodations in a few words each. */
export function termsInWords({
  extraMinutes,
  extraPercent,
  breakMinutes,
  headCovering,
  detection,
  note,
}: AccommodationTerms): string {
  const words = t.profiles.terms.short;
  const changes = Object.keys(detection.holds ?? {}).length + Object.keys(detection.weights ?? {}).length;
  const parts = [
    ...(extraMinutes > 0 ? [words.extra(duration(extraMinutes * 60_000))] : []),
    ...(extraPercent > 0 ? [words.percent(number(extraPercent))] : []),
    ...(breakMinutes > 0 ? [words.breaks(duration(breakMinutes * 60_000))] : []),
    ...(headCovering ? [words.headCovering] : []),
    ...(detection.gaze === false ? [words.gaze] : []),
    ...(detection.challenges === false ? [words.challenges] : []),
    ...(changes > 0 ? [words.detection] : []),
    ...(note ? [words.note] : []),
  ];
  return parts.length > 0 ? parts.join(', ') : words.none;
}
