import { Address } from './address.tsx';
import { AttentionBadge, attentionOf, AttentionReasons } from './attention.tsx';
import { eventTitle } from '../shared/event-name.ts';
import { t } from './messages.ts';
import type { Prefs } from './prefs.ts';
import { QUEUE_LENGTH } from './queue.ts';
import { hrefOf } from './route.ts';
import { shownName } from './shown-name.ts';
import { usePulse } from './use-store.ts';
import type { WallStore } from './wall-store.ts';

interface QueueListProps {
  readonly store: WallStore;
  readonly prefs: Prefs;
}

/** Sessions that need attention, most urgent first; the order of the wall does not change. */
export function QueueList({ store, prefs }: QueueListProps) {
  const entries = usePulse(store, ({ queue, sessions }) =>
    queue.flatMap(({ id }) => {
      const session = sessions.get(id);
      return session
        ? [
            {
              id,
              studentName: session.studentName,
              studentEmail: session.studentEmail,
              attention: attentionOf(session),
              open: session.open,
            },
          ]
        : [];
    }),
  );
  return (
    <section class="queue card stack" aria-labelledby="queue-title">
      <h2 id="queue-title">{t.wall.needsAttention}</h2>
      {entries.length === 0 ? (
        <p class="muted small">{t.wall.nothingNeedsAttention}</p>
      ) : (
        <ol class="plain queue-list">
          {entries.map((entry) => (
            <li key={entry.id} class="queue-entry">
              <div class="row between tight">
                <a
                  href={hrefOf({ page: 'session', session: entry.id })}
                  onClick={() => void (store.view.opened = entry.id)}
                >
                  {shownName(entry, prefs.names)}
                </a>
                <button
                  class="small"
                  onClick={() => store.markSeen(entry.id)}
                  aria-label={t.wall.markSessionSeen(shownName(entry, prefs.names))}
                >
                  {t.wall.markSeen}
                </button>
              </div>
              <Address session={entry} names={prefs.names} />
              <div class="row tight">
                <AttentionBadge of={entry.attention} />
              </div>
              <AttentionReasons of={entry.attention} />
              {entry.open.length > 0 && (
                <p class="small">{entry.open.map((type) => eventTitle({ type })).join(', ')}</p>
              )}
            </li>
          ))}
        </ol>
      )}
      {entries.length === QUEUE_LENGTH && <p class="muted small">{t.wall.mostUrgent(QUEUE_LENGTH)}</p>}
    </section>
  );
}
