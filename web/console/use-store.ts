import { useEffect, useMemo, useReducer, useState } from 'preact/hooks';
import type { SessionView } from '../../protocol/down.ts';
import type { Api } from '../shared/api.ts';
import { ConsoleClient } from './console-client.ts';
import { WallStore } from './wall-store.ts';
import { serverUrl } from '../shared/base-path.ts';

/** Renders again on demand. */
export function useRedraw(): () => void {
  const [, redraw] = useReducer<number, void>((count) => count + 1, 0);
  return redraw;
}

/** Live state of a wall, kept while its scope stays the same. @param scope exam id, `all`, or undefined for none */
export function useWallStore(api: Api, scope: string | undefined): WallStore | undefined {
  const store = useMemo(() => {
    if (scope === undefined) return undefined;
    return new WallStore(
      new ConsoleClient(
        { server: serverUrl(), getTicket: () => api.ticket('/api/console/ticket') },
        scope === 'all' ? {} : { exam: scope },
      ),
      api,
    );
  }, [api, scope]);
  useEffect(() => {
    store?.open();
    return () => store?.close();
  }, [store]);
  return store;
}

/** One session of a wall; renders again only when that session changes. */
export function useSession(store: WallStore, id: string): SessionView | undefined {
  const redraw = useRedraw();
  const session = store.sessions.get(id);
  useEffect(() => {
    // It may have changed since this was drawn.
    if (store.sessions.get(id) !== session) redraw();
    return store.onSession(id, redraw);
  }, [store, id]);
  return session;
}

/** Renders again when the result of `read` changes, compared as JSON. */
export function usePulse<T>(store: WallStore, read: (store: WallStore) => T): T {
  const [value, setValue] = useState<T>(() => read(store));
  useEffect(() => {
    let shown = '';
    const look = () => {
      const next = read(store);
      const text = JSON.stringify(next);
      if (text === shown) return;
      shown = text;
      setValue(() => next);
    };
    look();
    const stops = [store.on('pulse', look), store.on('seats', look)];
    return () => stops.forEach((stop) => stop());
    // Without `read`: it is a new function on each render, but depends only on the store.
  }, [store]);
  return value;
}
