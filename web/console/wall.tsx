import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { User } from '../../protocol/http/accounts.ts';
import type { Api } from '../shared/api.ts';
import { BulkBar } from './bulk-bar.tsx';
import { FilterBar } from './filter-bar.tsx';
import { type Filter, isFiltering, roomsOf } from './filters.ts';
import { PageTitle } from '../shared/page-title.tsx';
import { t } from './messages.ts';
import { Pager } from './pager.tsx';
import { PrefsBar } from './prefs-bar.tsx';
import { QueueList } from './queue-list.tsx';
import { pageCount, pageOf, type Seats } from './seats.ts';
import { EmptySeat, Tile } from './tile.tsx';
import { useLink } from './use-link.ts';
import { usePrefs } from './use-prefs.ts';
import { usePulse, useRedraw } from './use-store.ts';
import { useSelected } from './use-selected.ts';
import { useWallView } from './use-wall-view.ts';
import type { WallStore } from './wall-store.ts';
import { WaitingList } from './waiting-list.tsx';
import { LinkBadge, WallCounts } from './wall-status.tsx';

interface WallProps {
  readonly api: Api;
  readonly user: User;
  readonly store: WallStore;
  readonly title: string;
  /** Undefined: all exams. */
  readonly exam: string | undefined;
  readonly titleOf: (exam: string) => string;
}

/** All sessions at a glance, beside the queue of those that need attention. */
export function Wall({ api, user, store, title, exam, titleOf }: WallProps) {
  const prefs = usePrefs();
  const [filter, setFilter] = useState(store.view.filter);
  const [page, setPage] = useState(store.view.page);
  const redraw = useRedraw();
  useEffect(() => {
    return store.on('seats', redraw);
  }, [store]);
  const link = useLink(store);
  useRestoredView(store);
  const { seats, matching } = useWallView(store, filter, prefs.names, user.id);
  const rooms = usePulse(store, ({ sessions }) => roomsOf(sessions.values()));
  const ended = usePulse(
    store,
    ({ sessions }) => [...sessions.values()].filter(({ status }) => status === 'ended').length,
  );

  const selected = useSelected();
  const mayCommand = user.role !== 'reviewer';
  const latest = useRef<Seats>(seats);
  latest.current = seats;
  const running = usePulse(store, ({ sessions }) =>
    latest.current.filter((id): id is string => id !== null && (sessions.get(id)?.status ?? 'ended') !== 'ended'),
  );
  const pages = pageCount(seats);
  const current = Math.min(page, pages - 1);
  const ids = pageOf(seats, current);
  const turn = (to: number) => {
    // Ended sessions keep their place until the page is turned.
    store.remove(pageOf(store.seats, current).filter((id) => id !== null));
    store.view.page = to;
    setPage(to);
  };
  const choose = (next: Filter) => {
    store.view.filter = next;
    setFilter(next);
    store.view.page = 0;
    setPage(0);
  };
  // Memoised: a tile renders itself when its own session changes.
  const tiles = useMemo(
    () =>
      ids.map((id, i) =>
        id === null ? (
          <EmptySeat key={`empty ${i}`} />
        ) : (
          <Tile
            key={id}
            store={store}
            id={id}
            seat={store.seats.indexOf(id) + 1}
            prefs={prefs}
            person={user.id}
            selected={mayCommand ? selected.ids.has(id) : undefined}
            onSelect={(range) =>
              selected.toggle(
                id,
                range,
                latest.current.filter((one) => one !== null),
              )
            }
          />
        ),
      ),
    [ids.join(), store, prefs, selected.ids, mayCommand, user.id],
  );
  return (
    <section class={`stack wall-page tiles-${prefs.tiles} pictures-${prefs.pictures}`}>
      <div class="row between">
        <PageTitle>{title}</PageTitle>
        <div class="row">
          <LinkBadge link={link} onConnect={() => store.client.connect()} />
          <WallCounts store={store} />
        </div>
      </div>
      <FilterBar filter={filter} rooms={rooms} open={prefs.filters} onChange={choose} />
      <div class="row between">
        {mayCommand && (
          <BulkBar
            api={api}
            store={store}
            selected={selected}
            running={running}
            filter={filter}
            prefs={prefs}
            exam={exam}
            titleOf={titleOf}
          />
        )}
        <PrefsBar prefs={prefs} />
        {ended > 0 && (
          <button class="small" onClick={() => store.removeEnded()}>
            {t.wall.removeEnded(ended)}
          </button>
        )}
      </div>
      {isFiltering(filter) && (
        <p class="small muted" role="status">
          {t.wall.matching(matching, store.sessions.size)}
        </p>
      )}
      <div class="wall">
        <div class="stack">
          {link.state !== 'live' && seats.length > 0 && <p class="note warn">{t.wall.stale}</p>}
          {seats.length === 0 && link.state === 'live' ? (
            <p class="card muted">{isFiltering(filter) ? t.wall.noneMatching : t.wall.noSessions}</p>
          ) : (
            <ul class={link.state === 'live' ? 'tiles plain' : 'tiles plain away'} aria-label={t.wall.sessions}>
              {tiles}
            </ul>
          )}
          {pages > 1 && <Pager page={current} pages={pages} onTurn={turn} />}
        </div>
        <div class="stack wall-side">
          {mayCommand && <WaitingList store={store} prefs={prefs} />}
          <QueueList store={store} prefs={prefs} person={user.id} mayMark={mayCommand} />
        </div>
      </div>
    </section>
  );
}

/** Restores the scroll position and the focus on the opened tile when the user returns from a session. */
function useRestoredView(store: WallStore): void {
  useEffect(() => {
    const { opened, scroll } = store.view;
    if (opened) {
      window.scrollTo(0, scroll);
      document.querySelector<HTMLElement>(`[data-session="${opened}"] a`)?.focus({ preventScroll: true });
    }
    store.view.opened = undefined;
    const note = () => void (store.view.scroll = window.scrollY);
    addEventListener('scroll', note, { passive: true });
    return () => removeEventListener('scroll', note);
  }, [store]);
}
