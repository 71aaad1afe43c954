import { useState } from 'preact/hooks';
import { messageOf } from '../shared/api-error.ts';
import { Problem } from '../shared/field.tsx';
import { Address } from './address.tsx';
import { AttentionBadge, attentionOf, AttentionReasons } from './attention.tsx';
import { eventTitle } from '../shared/event-name.ts';
import { t } from './messages.ts';
import type { Prefs } from './prefs.ts';
import { QUEUE_LENGTH } from './queue.ts';
import { hrefOf } from './route.ts';
import { shownName } from './shown-name.ts';
import { TeamLine } from './team-line.tsx';
import { usePulse } from './use-store.ts';
import type { WallStore } from './wall-store.ts';

interface QueueListProps {
  readonly store: WallStore;
  readonly prefs: Prefs;
  /** User id of the person at this console. */
  readonly person: string;
  readonly mayMark: boolean;
}

/** Sessions that need attention, most urgent first; the order of the wall does not change. */
export function QueueList({ store, prefs, person, mayMark }: QueueListProps) {
  const [problem, setProblem] = useState<string>();
  const mark = (id: string) => {
    setProblem(undefined);
    store.markSeen(id).catch((error: unknown) => setProblem(messageOf(error)));
  };
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
              team: store.team(id),
            },
          ]
        : [];
    }),
  );
  return (
    <section class="queue card stack" aria-labelledby="queue-title">
      <h2 id="queue-title">{t.wall.needsAttention}</h2>
      {entries.length === 0 ? (
        <p key="empty" class="muted small">
          {t.wall.nothingNeedsAttention}
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
                {mayMark && (
                  <button
                    class="small"
                    onClick={() => mark(entry.id)}
                    aria-label={t.wall.markSessionSeen(shownName(entry, prefs.names))}
                  >
                    {t.wall.markSeen}
                  </button>
                )}
              </div>
              <Address session={entry} names={prefs.names} />
              <div class="row tight">
                <AttentionBadge of={entry.attention} />
              </div>
              <AttentionReasons of={entry.attention} />
              <TeamLine team={entry.team} person={person} />
              {entry.open.length > 0 && (
                <p class="small">{entry.open.map((type) => eventTitle({ type })).join(', ')}</p>
              )}
            </li>
          ))}
        </ol>
      )}
      <Problem>{problem}</Problem>
      {entries.length === QUEUE_LENGTH && <p class="muted small">{t.wall.mostUrgent(QUEUE_LENGTH)}</p>}
    </section>
  );
}
