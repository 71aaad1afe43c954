import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { User } from '../../protocol/http/accounts.ts';
import type { Event } from '../../protocol/events.ts';
import type { Api } from '../shared/api.ts';
import { Problem } from '../shared/field.tsx';
import { ShownZone, useZone, zoneName } from '../shared/shown-zone.ts';
import { SessionCheckIn } from './check-in/session-check-in.tsx';
import { type AskedDecision, DecideDialog } from './decide-dialog.tsx';
import { decidedTogether, groupEvents, isOpen } from './event-groups.ts';
import { GroupDetail } from './group-detail.tsx';
import { groupName } from './group-name.ts';
import { IncidentDetail } from './incident-detail.tsx';
import { IncidentList } from './incident-list.tsx';
import { type IncidentRow, neighbour, nextOpen, rowsOf, rowWith } from './incident-rows.ts';
import { common } from '../shared/messages/common.ts';
import { number } from '../shared/messages/numbers.ts';
import { KeysDialog } from './keys-dialog.tsx';
import { t } from './messages.ts';
import { PictureCache } from './picture-cache.ts';
import { isDecidable, reviewable, undoOf } from './review-state.ts';
import { Scores } from './scores.tsx';
import { SessionHead } from './session-head.tsx';
import { StaffActs } from './staff-acts.tsx';
import { ShortcutLine } from './shortcut-line.tsx';
import { REVIEW_ACTIONS } from './shortcuts.ts';
import { useNextSession } from './use-next-session.ts';
import { usePrefs } from './use-prefs.ts';
import { useReviewActs } from './use-review-acts.ts';
import { type SessionData, useSessionData } from './use-session.ts';
import { useSessionPictures } from './use-session-pictures.ts';
import { useShortcuts } from './use-shortcuts.ts';
import { VerdictStepsPanel } from './verdict-steps.tsx';
import { VERDICT_CHOICE, VerdictForm } from './verdict-form.tsx';

interface ReviewProps {
  readonly api: Api;
  readonly id: string;
  readonly user: User;
}

/** Review of a session: decisions about its incidents, and the verdict. */
export function Review(props: ReviewProps) {
  const data = useSessionData(props.api, props.id);
  return (
    <ShownZone.Provider value={data.zone}>
      <ReviewPage {...props} data={data} />
    </ShownZone.Provider>
  );
}

/** A decision that waits for its reason; its events are those of the moment when it was asked for. */
interface Asked {
  readonly decision: AskedDecision;
  readonly events: readonly Event[];
  readonly row: string;
}

const NOTHING: ReadonlySet<string> = new Set();

const toggled = (set: ReadonlySet<string>, key: string): ReadonlySet<string> =>
  set.has(key) ? new Set([...set].filter((other) => other !== key)) : new Set([...set, key]);

function ReviewPage({ api, id, user, data }: ReviewProps & { readonly data: SessionData }) {
  const { session, attempt, events, problem, reload, put } = data;
  const zone = useZone();
  const prefs = usePrefs();
  const [all, setAll] = useState(false);
  const [chosen, setChosen] = useState<string>();
  const [unfolded, setUnfolded] = useState(NOTHING);
  const [selected, setSelected] = useState(NOTHING);
  const [asked, setAsked] = useState<Asked>();
  const [keysOpen, setKeysOpen] = useState(false);
  const [played, setPlayed] = useState(0);
  const [appealed, setAppealed] = useState(false);
  const pictures = useMemo(() => new PictureCache(api), [api, id]);
  const list = useRef<HTMLOListElement>(null);

  const shown = useMemo(() => reviewable(events, all), [events, all]);
  const groups = useMemo(() => groupEvents(shown), [shown]);
  const rows = rowsOf(groups, unfolded);
  const current = rows.find(({ key }) => key === chosen) ?? rows[0];
  const images = useSessionPictures(api, id, {
    wanted: prefs.pictures !== 'off' && events.some(({ source }) => source === 'vision'),
    version: events.filter(({ source, endedAt }) => source === 'vision' && endedAt !== null).length,
  });
  const picked = shown.filter((event) => selected.has(event.id));

  const choose = (row: string | undefined) => {
    setChosen(row);
    // After rendering: the focus follows the selection, so that screen readers read the list along.
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>('[aria-current]')?.focus());
  };
  const acts = useReviewActs({
    api,
    session: id,
    user: user.id,
    put,
    reload,
    onUndone: ([first]) => first && choose(rowWith(rows, first.id)),
  });
  const { pending } = acts;
  const following = useNextSession(api, id, user.id, acts.say);

  const decide = ({ events: decided, decision, row }: Asked, reason: string) => {
    acts.decide(decided, { decision, reason });
    setAsked(undefined);
    setSelected(NOTHING);
    choose(nextOpen(rows, row, new Set([...pending, ...decided.map(({ id: event }) => event)])));
  };
  /** Events that a decision made now concerns. */
  const concerned = () => (current ? decidedTogether(picked.length > 0 ? picked : current.events, pending) : []);
  const ask = (decision: AskedDecision) => {
    const about = concerned();
    if (current && about.length > 0) setAsked({ decision, events: about, row: current.key });
  };
  const repeat = () => {
    const about = concerned();
    const { last } = acts;
    if (!last || last.decision === 'reopened') return acts.say(t.review.nothingToRepeat);
    if (current && about.length > 0) decide({ decision: last.decision, events: about, row: current.key }, last.reason);
  };
  const fold = (row: string) => setUnfolded((before) => toggled(before, row));
  const select = (row: IncidentRow | undefined) => {
    const ids = row?.events.filter(isDecidable).map((event) => event.id) ?? [];
    const isWhole = ids.every((event) => selected.has(event));
    setSelected(new Set(isWhole ? [...selected].filter((event) => !ids.includes(event)) : [...selected, ...ids]));
  };
  const act = (action: (typeof REVIEW_ACTIONS)[number]) => {
    switch (action) {
      case 'next':
        return choose(neighbour(rows, current?.key, 1));
      case 'previous':
        return choose(neighbour(rows, current?.key, -1));
      case 'confirm':
        return ask('confirmed');
      case 'dismiss':
        return ask('dismissed');
      case 'repeat':
        return repeat();
      case 'undo':
        return acts.undo();
      case 'open':
        return current?.hasParts ? fold(current.key) : undefined;
      case 'select':
        return select(current);
      case 'selectAll':
        return setSelected(new Set(shown.filter((event) => isOpen(event, pending)).map((event) => event.id)));
      case 'play':
        return setPlayed((count) => count + 1);
      case 'verdict':
        return document.getElementById(VERDICT_CHOICE)?.querySelector<HTMLElement>('input')?.focus();
      case 'following':
        return following.go();
    }
  };
  useShortcuts(prefs, REVIEW_ACTIONS, act);
  useEffect(() => {
    if (chosen === undefined && rows[0]) setChosen(rows[0].key);
  }, [chosen, rows[0]?.key]);

  if (!session || !attempt) return problem ? <Problem>{problem}</Problem> : <p class="muted">{common.loading}</p>;
  const decidable = shown.filter(isDecidable);
  const open = decidable.filter((event) => isOpen(event, pending)).length;
  const single = picked.length === 0 && current?.events.length === 1 ? current.events[0] : undefined;
  const reviews = attempt.reviews.filter(({ eventId }) => eventId === single?.id);
  const undo = undoOf(reviews);
  return (
    <section class={`stack pictures-${prefs.pictures}`}>
      <SessionHead
        session={session}
        examTitle={attempt.exam.title}
        attempt={attempt}
        names={prefs.names}
        page="review"
      />
      <Scores session={attempt.session} attention={attempt.attention} />
      <StaffActs attempt={attempt} events={events} />
      <ShortcutLine prefs={prefs} actions={REVIEW_ACTIONS} onEdit={() => setKeysOpen(true)} />
      <div class="row between">
        <p class="small" role="status">
          {acts.status} {open === 0 && decidable.length > 0 && !acts.busy && t.review.allDecided}
        </p>
        <button class="small" disabled={following.busy} onClick={following.go}>
          {t.review.following}
        </button>
      </div>
      <Problem>{acts.error ?? following.error}</Problem>
      <div class="review">
        <section class="card stack" aria-labelledby="incidents-title">
          <div class="row between">
            <h2 id="incidents-title">{t.review.incidents}</h2>
            <span class="small muted">{t.review.undecided(open, decidable.length)}</span>
          </div>
          <p class="small muted">
            {t.session.timesIn(zoneName(zone, session.startedAt))}
            <br />
            {t.review.groupingRule}
          </p>
          <div class="row between">
            <label class="check">
              <input type="checkbox" checked={all} onChange={(event) => setAll(event.currentTarget.checked)} />
              <span class="small">{t.review.includeZeroWeight}</span>
            </label>
            {picked.length > 0 && (
              <button class="small" onClick={() => setSelected(NOTHING)}>
                {t.review.clearSelection}
              </button>
            )}
          </div>
          {shown.length === 0 ? (
            <p class="muted">{t.review.none}</p>
          ) : (
            <IncidentList
              list={list}
              rows={rows}
              current={current?.key}
              unfolded={unfolded}
              selected={selected}
              pending={pending}
              images={images}
              pictures={pictures}
              onChoose={setChosen}
              onFold={fold}
              onSelect={select}
            />
          )}
        </section>
        <div class="stack">
          {single ? (
            <IncidentDetail
              api={api}
              event={single}
              reviews={reviews}
              pictures={pictures}
              played={played}
              onDecide={ask}
              staff={attempt.staff ?? []}
              onUndo={undo && (() => acts.restore(single, undo))}
            />
          ) : (
            current && (
              <GroupDetail
                key={picked.length > 0 ? 'selection' : current.key}
                events={picked.length > 0 ? picked : current.events}
                isSelection={picked.length > 0}
                images={images}
                pictures={pictures}
                played={played}
                pending={pending}
                concerned={concerned().length}
                onDecide={ask}
              />
            )
          )}
          {attempt.checkIn && (
            <section class="card stack" aria-labelledby="check-in-record">
              <h2 id="check-in-record">{t.checkIn.record}</h2>
              <SessionCheckIn api={api} checkIn={attempt.checkIn} />
            </section>
          )}
          <VerdictForm
            api={api}
            session={id}
            over={session.status === 'ended'}
            appealed={appealed}
            user={user}
            verdict={attempt.verdict}
            onGiven={reload}
          />
          {attempt.verdict && (
            <VerdictStepsPanel
              key={attempt.verdict.id}
              api={api}
              session={id}
              user={user}
              events={events}
              onAppealed={setAppealed}
              onChange={reload}
            />
          )}
        </div>
      </div>
      {asked && (
        <DecideDialog
          title={groupName(asked.events)}
          decision={asked.decision}
          hasImages={asked.events.some((event) => images.has(event.id))}
          user={user.id}
          onClose={() => setAsked(undefined)}
          onDecide={(reason) => decide(asked, reason)}
        />
      )}
      {keysOpen && <KeysDialog prefs={prefs} onClose={() => setKeysOpen(false)} />}
      <p class="unseen" role="status">
        {picked.length > 0 && t.review.selection(number(picked.length))}
      </p>
    </section>
  );
}
