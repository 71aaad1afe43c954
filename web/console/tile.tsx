import { useEffect, useRef, useState } from 'preact/hooks';
import type { SessionView } from '../../protocol/down.ts';
import { eventName } from '../shared/event-name.ts';
import { LevelBadge } from '../shared/level-badge.tsx';
import type { ConsoleClient } from './console-client.ts';
import { Picture } from './picture.tsx';
import { presence } from './presence.ts';

interface TileProps {
  readonly client: ConsoleClient;
  readonly session: SessionView;
  /** ms. */
  readonly now: number;
  readonly selected: boolean;
  readonly onSelect: () => void;
}

/** One session on the wall. Its pictures are asked for only while it is in view. */
export function Tile({ client, session, now, selected, onSelect }: TileProps) {
  const place = useRef<HTMLLIElement>(null);
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const observer = new IntersectionObserver(([entry]) => setSeen(entry?.isIntersecting ?? false));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const ended = session.status === 'ended';
  return (
    <li ref={place}>
      <button class={`tile ${session.level.toLowerCase()}`} aria-pressed={selected} onClick={onSelect}>
        <Picture client={client} session={session.id} active={seen && !ended && session.connected} fps={selected ? 2 : 1} now={now} />
        <span class="tile-name" title={session.studentName}>
          {session.studentName}
        </span>
        <span>
          <LevelBadge level={session.level} />
        </span>
        <span class="small tabular">
          Score {session.score.toFixed(0)} · lately {session.rolling.toFixed(1)}
        </span>
        <span class="small muted">{presence(session, now)}</span>
        <span class="tile-open small">
          {session.open.map((type) => (
            <span key={type} class="badge medium">
              {eventName(type)}
            </span>
          ))}
        </span>
      </button>
    </li>
  );
}
