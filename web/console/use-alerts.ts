import { useEffect } from 'preact/hooks';
import { common } from '../shared/messages/common.ts';
import { t } from './messages.ts';
import { playAlert } from './alert-sound.ts';
import type { Prefs } from './prefs.ts';
import type { WallStore } from './wall-store.ts';

/** Alerts on new high attention by sound and a count in the tab's title, also from other pages of the console and tabs. */
export function useAlerts(store: WallStore | undefined, { sound, badge }: Prefs): void {
  useEffect(() => {
    if (!store || !sound) return;
    return store.on('raised', playAlert);
  }, [store, sound]);
  useEffect(() => {
    const count = () =>
      store?.queue.filter(({ id }) => store.sessions.get(id)?.attention?.level === 'high').length ?? 0;
    const write = () => {
      const highs = badge ? count() : 0;
      const page = common.pageTitle(t.page);
      const title = highs > 0 ? t.wall.tabTitle(highs, page) : page;
      if (document.title !== title) document.title = title;
    };
    write();
    return store?.on('pulse', write);
  }, [store, badge]);
}
