import { waitsFor } from './filters.ts';
import { t } from './messages.ts';
import type { Prefs } from './prefs.ts';
import { hrefOf } from './route.ts';
import { shownName } from './shown-name.ts';
import { TalkWords } from './talk-badges.tsx';
import { usePulse } from './use-store.ts';
import { byWaiting } from './waiting.ts';
import type { WallStore } from './wall-store.ts';

interface WaitingListProps {
  readonly store: WallStore;
  readonly prefs: Prefs;
}

/** Students who wait for an answer: hands first, the longest raised on top. Nothing is shown while nobody waits. */
export function WaitingList({ store, prefs }: WaitingListProps) {
  const waiting = usePulse(store, ({ sessions }) =>
    [...sessions.values()]
      .filter((session) => waitsFor(session, 'any'))
      .toSorted(byWaiting)
      .map(({ id, studentName, studentEmail, conversation }) => ({ id, studentName, studentEmail, conversation })),
  );
  if (waiting.length === 0) return null;
  return (
    <section class="queue card stack" aria-labelledby="waiting-title">
      <h2 id="waiting-title">{t.conversation.waiting}</h2>
      <ol class="plain queue-list">
        {waiting.map(({ conversation, ...session }) => (
          <li key={session.id} class="queue-entry">
            <a
              href={hrefOf({ page: 'session', session: session.id })}
              onClick={() => void (store.view.opened = session.id)}
            >
              {shownName(session, prefs.names)}
            </a>
            {conversation && <TalkWords {...conversation} />}
          </li>
        ))}
      </ol>
    </section>
  );
}
