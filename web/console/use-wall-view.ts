import { useMemo, useRef } from 'preact/hooks';
import { type Filter, holderOf, isFiltering, matches } from './filters.ts';
import type { Prefs } from './prefs.ts';
import { arrive, type Seats } from './seats.ts';
import { shownName } from './shown-name.ts';
import { usePulse } from './use-store.ts';
import type { WallStore } from './wall-store.ts';

export interface WallView {
  readonly seats: Seats;
  /** Number of sessions that currently match the filter. */
  readonly matching: number;
}

/**
 * Seats under a filter. Tiles do not move on their own here either: sessions that match later are added at the end, and
 * sessions that no longer match stay until the filter changes.
 */
export function useWallView(store: WallStore, filter: Filter, names: Prefs['names'], person: string): WallView {
  const shown = useRef<{ key: string; seats: Seats }>({ key: '', seats: [] });
  const key = JSON.stringify([filter, names]);
  const current = useRef({ filter, names });
  current.current = { filter, names };
  const read = () => {
    const { filter: by, names: how } = current.current;
    if (!isFiltering(by)) return undefined;
    return store.seats.filter((id): id is string => {
      const session = id === null ? undefined : store.sessions.get(id);
      return (
        session !== undefined && matches(session, shownName(session, how), by, holderOf(store.team(session.id), person))
      );
    });
  };
  const pulsed = usePulse(store, (now) => [now.seats.length, read()] as const);
  // A filter change takes effect at once, without waiting for the next pulse.
  return useMemo(() => {
    const ids = read();
    if (!ids) return { seats: store.seats, matching: store.sessions.size };
    if (shown.current.key !== key) shown.current = { key, seats: [] };
    const known = shown.current.seats.filter((id) => id !== null && store.sessions.has(id));
    shown.current.seats = arrive(known, ids);
    return { seats: shown.current.seats, matching: ids.length };
  }, [store, key, pulsed, store.seats]);
}
