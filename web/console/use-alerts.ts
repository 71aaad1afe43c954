import { useEffect } from 'preact/hooks';
import { ring } from './ring.ts';
import type { Prefs } from './prefs.ts';
import type { WallStore } from './wall-store.ts';

const TITLE = 'Proctor console · Invigil';

/** A new High rings and is counted in the title, also while another page of the console or another tab is looked at. */
export function useAlerts(store: WallStore | undefined, { sound, badge }: Prefs): void {
  useEffect(() => {
    if (!store || !sound) return;
    return store.on('raised', ring);
  }, [store, sound]);
  useEffect(() => {
    const count = () => store?.queue.filter(({ id }) => store.sessions.get(id)?.level === 'High').length ?? 0;
    const write = () => {
      const highs = badge ? count() : 0;
      const title = highs > 0 ? `(${highs}) ${TITLE}` : TITLE;
      if (document.title !== title) document.title = title;
    };
    write();
    return store?.on('pulse', write);
  }, [store, badge]);
}
