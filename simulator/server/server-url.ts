/** URL of a server with its path prefix, if any, and without a slash at its end. @param given maybe that of a page */
export function serverUrlOf(given: string): string {
  const { origin, pathname } = new URL(given);
  return origin + pathname.replace(/(?:\/(?:console|exam|account|docs|setup|system-check))?\/*$/, '');
}
