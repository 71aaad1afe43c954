/** URL of a server with its path prefix, if any, and without a slash at its end. @param given the user's spelling */
export function serverUrlOf(given: string): string {
  const { origin, pathname } = new URL(given);
  return origin + pathname.replace(/\/+$/, '');
}
