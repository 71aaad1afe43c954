import { useRef } from 'preact/hooks';
import type { SessionView } from '../../protocol/down.ts';
import { shortAccommodations } from './accommodation-lines.ts';
import { TileAccommodations } from './accommodations.tsx';
import { Address } from './address.tsx';
import { eventTitle } from '../shared/event-name.ts';
import { attentionOf, GRADE_OF, SessionAttention } from './attention.tsx';
import { Ticking } from '../shared/ticking.tsx';
import { useInView } from './in-view.ts';
import { number } from '../shared/messages/numbers.ts';
import { t } from './messages.ts';
import { Picture } from './picture.tsx';
import type { Prefs, TileSize } from './prefs.ts';
import { isFresh, presence, shortState, timeLeft } from './presence.ts';
import { hrefOf } from './route.ts';
import { shownName } from './shown-name.ts';
import { Sparkline } from './sparkline.tsx';
import { TileTeam } from './tile-team.tsx';
import { TalkBadges } from './talk-badges.tsx';
import { useSession } from './use-store.ts';
import type { WallStore } from './wall-store.ts';

/** Images per second: enough to see whether a person is present. Many small tiles ask for fewer. */
const FPS: Readonly<Record<TileSize, number>> = { S: 0.5, M: 1, L: 2 };
/** Width to which images of small tiles are decoded, pixels. */
const SMALL_WIDTH = 192;

interface TileProps {
  readonly store: WallStore;
  readonly id: string;
  /** From 1. */
  readonly seat: number;
  readonly prefs: Prefs;
  /** User id of the person at this console. */
  readonly person: string;
  /** Undefined for people who command no sessions. */
  readonly selected: boolean | undefined;
  /** @param range with everybody between this tile and the one selected before */
  readonly onSelect: (range: boolean) => void;
}

/** One session on the wall. Its images are requested only while it is in view. */
export function Tile({ store, id, seat, prefs, person, selected, onSelect }: TileProps) {
  const place = useRef<HTMLLIElement>(null);
  const seen = useInView(place);
  const session = useSession(store, id);
  if (!session) return <EmptySeat />;
  const ended = session.status === 'ended';
  const [first, ...more] = session.open;
  const name = shownName(session, prefs.names);
  const small = prefs.tiles === 'S';
  const grade = ended ? 'ended' : GRADE_OF[attentionOf(session).level];
  return (
    <li ref={place} class={`tile ${grade}${selected ? ' selected' : ''}`} data-session={id}>
      <div class="tile-view">
        {prefs.pictures !== 'off' && (
          <Picture
            client={store.client}
            session={id}
            active={seen && !ended && session.connected}
            fps={FPS[prefs.tiles]}
            width={small ? SMALL_WIDTH : undefined}
            none={withoutImage(session, store.lastFrameAt(id))}
          />
        )}
        <div class="tile-over">
          {selected !== undefined && !ended && (
            <label class="tile-check above">
              <span class="unseen">{t.bulk.select(name)}</span>
              <input type="checkbox" checked={selected} onClick={(event) => onSelect(event.shiftKey)} />
            </label>
          )}
          <span class="tile-badges">
            <SessionAttention session={session} />
            <TalkBadges session={session} />
          </span>
        </div>
        <TileTeam team={store.team(id)} person={person} />
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
      </div>
      <a
        class="tile-name"
        href={hrefOf({ page: 'session', session: id })}
        title={name}
        onClick={() => void (store.view.opened = id)}
      >
        {name}
      </a>
      {small ? (
        <p class="tile-line muted tabular" title={session.room ?? undefined}>
          <Ticking text={(now) => shortLine(session, store.lastFrameAt(id), now)} />
        </p>
      ) : (
        <TileLines store={store} session={session} seat={seat} prefs={prefs} live={seen && !ended} />
      )}
    </li>
  );
}

/** Says the same of the image as the line below it. */
function withoutImage({ status, connected }: SessionView, lastFrameAt: number | undefined): string {
  if (status === 'ended') return t.wall.ended;
  if (!connected) return t.wall.notConnected;
  if (lastFrameAt === undefined) return t.wall.waitingForImage;
  return isFresh(lastFrameAt, Date.now()) ? t.wall.loadingImage : t.wall.noImageNow;
}

const shortLine = (session: SessionView, lastFrameAt: number | undefined, now: number) =>
  [
    shortState(session, lastFrameAt, now),
    ...(session.accommodations ? shortAccommodations(session.accommodations) : []),
  ].join(' · ');

interface TileLinesProps {
  readonly store: WallStore;
  readonly session: SessionView;
  readonly seat: number;
  readonly prefs: Prefs;
  readonly live: boolean;
}

/** What medium and large tiles state below the name. */
function TileLines({ store, session, seat, prefs, live }: TileLinesProps) {
  const { id } = session;
  return (
    <>
      <Address session={session} names={prefs.names} />
      <div class="row between tight">
        <span class="small tabular tile-score">{t.wall.score(number(Math.round(session.score)))}</span>
        <span class="muted small" title={t.wall.positionMeans}>
          <span class="unseen">{t.wall.position(seat)}</span>
          <span aria-hidden="true">{t.wall.tileNumber(seat)}</span>
        </span>
      </div>
      <Sparkline points={store.history(id)} halfLife={store.halfLife(session.examId)} live={live} />
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
    </>
  );
}

/** An empty position on the wall, until a new session takes it. */
export const EmptySeat = () => (
  <li class="tile vacant muted small" aria-hidden="true">
    {t.wall.emptyPosition}
  </li>
);
