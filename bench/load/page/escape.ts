/** Text for a page, in elements and in quoted attributes. */
export const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const NUMBERS = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 });

/** To four digits that count; a dash where there was nothing to measure. */
export const number = (value: number | null | undefined): string =>
  value === null || value === undefined || !Number.isFinite(value) ? '–' : NUMBERS.format(value);
