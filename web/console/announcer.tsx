import { useEffect, useState } from 'preact/hooks';
import type { Prefs } from './prefs.ts';
import { t } from './messages.ts';
import { shownName } from './shown-name.ts';
import type { WallStore } from './wall-store.ts';

/** Announces new high attention to screen readers, beside the alert sound. */
export function Announcer({ store, names }: { readonly store: WallStore; readonly names: Prefs['names'] }) {
  const [text, setText] = useState('');
  useEffect(
    () =>
      store.on('raised', (ids) => {
        const raised = ids.flatMap((id) => store.sessions.get(id) ?? []).map((session) => shownName(session, names));
        setText(t.wall.announceHighAttention(raised.join(', ')));
      }),
    [store, names],
  );
  return (
    <p class="unseen" role="status">
      {text}
    </p>
  );
}
