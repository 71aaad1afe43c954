/** Pure: at most two letters that stand for a name: the first of its first and last word. */
export function initials(name: string): string {
  const words = name.split(/[\s@.]+/u).filter((word) => word !== '');
  const [first = '?', last = ''] = [words[0], words.length > 1 ? words.at(-1) : ''];
  return [first, last].map((word) => [...word][0]?.toLocaleUpperCase() ?? '').join('');
}
