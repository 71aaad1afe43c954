/** Escapes text for elements and quoted attributes. */
export const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const NUMBERS = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 });

/** Four significant digits; a dash without measurements. */
export const number = (value: number | null | undefined): string =>
  value === null || value === undefined || !Number.isFinite(value) ? '–' : NUMBERS.format(value);
