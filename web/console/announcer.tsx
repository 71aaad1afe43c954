import { useEffect, useState } from 'preact/hooks';
import type { Prefs } from './prefs.ts';
import { shownName } from './shown-name.ts';
import type { WallStore } from './wall-store.ts';

/** Says to screen readers what rings for everybody else. */
export function Announcer({ store, names }: { readonly store: WallStore; readonly names: Prefs['names'] }) {
  const [said, setSaid] = useState('');
  useEffect(
    () =>
      store.on('raised', (ids) => {
        const who = ids.flatMap((id) => store.sessions.get(id) ?? []).map((session) => shownName(session, names));
        setSaid(`High risk: ${who.join(', ')}`);
      }),
    [store, names],
  );
  return (
    <p class="unseen" role="status">
      {said}
    </p>
  );
}
