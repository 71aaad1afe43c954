/**
 * Pure: parts of an address that its page does not follow: unknown names, values that no field offers, and second values.
 * @param understood what the page follows; empty: nothing
 */
export function droppedFilters(hash: string, understood: Readonly<Record<string, string>>): string[] {
  const given = new URLSearchParams(hash.split('?').slice(1).join('?'));
  return [...given]
    .filter(([name, value]) => value.trim() !== '' && understood[name]?.trim() !== value.trim())
    .map(([name, value]) => `${name}=${value}`);
}
