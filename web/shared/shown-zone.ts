import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { browserZone, offsetName } from './zone-format.ts';

/** Zone of the times on a page: the exam's on pages of a session, else that of the browser. */
export const ShownZone = createContext<string | undefined>(undefined);

export const useZone = (): string => useContext(ShownZone) ?? browserZone();

/** Zone as a page names it once for its lists: `Europe/Lisbon (WEST)`. */
export function zoneName(zone: string, at: string | number): string {
  const offset = offsetName(new Date(at).getTime(), zone);
  return offset === zone ? zone : `${zone} (${offset})`;
}
