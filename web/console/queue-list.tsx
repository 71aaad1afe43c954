import { Address } from './address.tsx';
import { eventTitle } from '../shared/event-name.ts';
import { LevelBadge } from '../shared/level-badge.tsx';
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

/** Who needs a look, most urgent first. The wall itself stays as it is. */
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
              level: session.level,
              score: session.score,
              open: session.open,
            },
          ]
        : [];
    }),
  );
  return (
    <section class="queue card stack" aria-labelledby="queue-title">
      <h2 id="queue-title">Needs a look</h2>
      {entries.length === 0 ? (
        <p class="muted small">
          Nobody at the moment. Sessions with an open incident or more than a low risk appear here, the most urgent
          first.
        </p>
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
                  onClick={() => store.markLooked(entry.id)}
                  aria-label={`Seen: ${shownName(entry, prefs.names)}`}
                >
                  Seen
                </button>
              </div>
              <Address session={entry} names={prefs.names} />
              <div class="row tight">
                <LevelBadge level={entry.level} />
                <span class="small tabular">Score {entry.score.toFixed(0)}</span>
              </div>
              {entry.open.length > 0 && (
                <p class="small">{entry.open.map((type) => eventTitle({ type })).join(', ')}</p>
              )}
            </li>
          ))}
        </ol>
      )}
      {entries.length === QUEUE_LENGTH && <p class="muted small">The {QUEUE_LENGTH} most urgent are shown.</p>}
    </section>
  );
}
