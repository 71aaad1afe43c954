import { useRef } from 'preact/hooks';
import { TileAccommodations } from './accommodations.tsx';
import { Address } from './address.tsx';
import { eventTitle } from '../shared/event-name.ts';
import { AttentionBadge, attentionOf, GRADE_OF } from './attention.tsx';
import { Ticking } from '../shared/ticking.tsx';
import { useInView } from './in-view.ts';
import { number } from '../shared/messages/numbers.ts';
import { t } from './messages.ts';
import { Picture } from './picture.tsx';
import type { Prefs } from './prefs.ts';
import { presence, timeLeft } from './presence.ts';
import { hrefOf } from './route.ts';
import { shownName } from './shown-name.ts';
import { Sparkline } from './sparkline.tsx';
import { useSession } from './use-store.ts';
import type { WallStore } from './wall-store.ts';

/** Enough to see whether a person is present. */
const FPS = 1;

interface TileProps {
  readonly store: WallStore;
  readonly id: string;
  /** From 1. */
  readonly seat: number;
  readonly prefs: Prefs;
}

/** One session on the wall. Its images are requested only while it is in view. */
export function Tile({ store, id, seat, prefs }: TileProps) {
  const place = useRef<HTMLLIElement>(null);
  const seen = useInView(place);
  const session = useSession(store, id);
  if (!session) return <EmptySeat />;
  const ended = session.status === 'ended';
  const [first, ...more] = session.open;
  const withPicture = prefs.pictures !== 'off';
  return (
    <li ref={place} class={`tile ${ended ? 'ended' : GRADE_OF[attentionOf(session).level]}`} data-session={id}>
      {withPicture && (
        <Picture
          client={store.client}
          session={id}
          active={seen && !ended && session.connected}
          fps={FPS}
          none={ended ? t.wall.ended : session.connected ? t.wall.waitingForImage : t.wall.notConnected}
        />
      )}
      <div class="row between tight">
        <a
          class="tile-name"
          href={hrefOf({ page: 'session', session: id })}
          onClick={() => void (store.view.opened = id)}
        >
          {shownName(session, prefs.names)}
        </a>
        <span class="muted small" title={t.wall.positionMeans}>
          <span class="unseen">{t.wall.position(seat)}</span>
          <span aria-hidden="true">{t.wall.tileNumber(seat)}</span>
        </span>
      </div>
      <Address session={session} names={prefs.names} />
      <div class="row between tight">
        <AttentionBadge of={attentionOf(session)} />
        <span class="small tabular tile-score">{t.wall.score(number(Math.round(session.score)))}</span>
      </div>
      <Sparkline points={store.history(id)} halfLife={store.halfLife(session.examId)} live={seen && !ended} />
      <p class="tile-line muted">
        <Ticking text={(now) => presence(session, store.lastFrameAt(id), now)} />
      </p>
      <p class="tile-line tile-place muted tabular">
        <span>
          <Ticking text={(now) => timeLeft(session, now)} />
          {(session.attempt ?? 1) > 1 && ` · ${t.session.attempt(number(session.attempt ?? 1))}`}
        </span>
        {session.room !== null && (
          <span class="tile-room" title={session.room}>
            <span class="unseen">{t.wall.roomPrefix}</span>
            {session.room}
          </span>
        )}
      </p>
      <TileAccommodations given={session.accommodations} />
      <p class="tile-open">
        {first && <span class="badge medium">{eventTitle({ type: first })}</span>}
        {more.length > 0 && (
          <span class="badge medium more" title={more.map((type) => eventTitle({ type })).join(', ')}>
            +{more.length}
          </span>
        )}
        {ended && (
          <button class="small above" onClick={() => store.remove([id])}>
            {t.wall.remove}
          </button>
        )}
      </p>
    </li>
  );
}

/** An empty position on the wall, until a new session takes it. */
export const EmptySeat = () => (
  <li class="tile vacant muted small" aria-hidden="true">
    {t.wall.emptyPosition}
  </li>
);
