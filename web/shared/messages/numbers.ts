import { language, locale } from './locale.ts';

const numbers = new Intl.NumberFormat(locale);
const rules = new Intl.PluralRules(language);

/** With the separators of the reader's region; at most three fraction digits. */
export const number = (value: number): string => numbers.format(value);

/** @param value 0..1 */
export const percent = (value: number): string =>
  value.toLocaleString(locale, { style: 'percent', maximumFractionDigits: 0 });

/** Texts by plural category; `#` stands for the number. A language has only the categories that it needs. */
export type PluralForms = Readonly<Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }>;

export const plural = (count: number, forms: PluralForms): string =>
  (forms[rules.select(count)] ?? forms.other).replaceAll('#', number(count));
