import { language } from './locale.ts';

/** A message of the server as a sentence: it begins in lower case there, and has no full stop. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  const capitalised = trimmed.charAt(0).toLocaleUpperCase(language) + trimmed.slice(1);
  return /[.!?…:]$/.test(capitalised) ? capitalised : `${capitalised}.`;
}
