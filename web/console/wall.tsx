import type { Api } from '../shared/api.ts';
import { useNow } from '../shared/use-now.ts';
import { SessionPanel } from './session-panel.tsx';
import { Tile } from './tile.tsx';
import { useWall } from './use-wall.ts';
import { inOrder } from './wall-state.ts';
import { WallStatus } from './wall-status.tsx';

interface WallProps {
  readonly api: Api;
  readonly exam: string | undefined;
}

/** All sessions at a glance, and one of them closely. */
export function Wall({ api, exam }: WallProps) {
  const { client, wall, link, select } = useWall(api, exam);
  const now = useNow(1000);
  const sessions = inOrder(wall.sessions);
  const selected = wall.selected ? wall.sessions.get(wall.selected) : undefined;
  return (
    <section class="stack">
      <WallStatus link={link} sessions={sessions} onConnect={() => client.connect()} />
      <div class={selected ? 'wall with-panel' : 'wall'}>
        {sessions.length === 0 && link.state === 'live' ? (
          <p class="card muted">No sessions yet. They appear here as soon as a student begins.</p>
        ) : (
          <ul class={link.state === 'live' ? 'tiles plain' : 'tiles plain away'}>
            {sessions.map((session) => (
              <Tile key={session.id} client={client} session={session} now={now} selected={session.id === wall.selected} onSelect={() => select(session.id)} />
            ))}
          </ul>
        )}
        {selected && <SessionPanel key={selected.id} client={client} session={selected} events={wall.events} onClose={() => select(undefined)} />}
      </div>
    </section>
  );
}
