import { language } from './locale.ts';

/** Messages of one part of the pages in other languages, by language tag: loaded only when the page needs them. */
export type Translations<T> = Readonly<Record<string, () => Promise<T>>>;

const loading: Promise<void>[] = [];

/**
 * One part of the catalogue in the page's language; English where there is no translation, or it cannot be loaded.
 * Another language has to have the same keys with the same parameters, or it does not compile. Read messages while
 * rendering, never when a module is loaded: a translation arrives in between.
 */
export function catalogue<T extends object>(english: T, translations: Translations<NoInfer<T>> = {}): T {
  const load = translations[language];
  if (!load) return english;
  const messages = { ...english };
  loading.push(
    load().then(
      (translated) => void Object.assign(messages, translated),
      () => {},
    ),
  );
  return messages;
}

/** Calls `start` once the page's messages are there: at once in English. */
export function whenTranslated(start: () => void): void {
  if (loading.length === 0) start();
  else void Promise.all(loading).then(start);
}
