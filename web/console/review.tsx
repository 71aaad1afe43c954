import { useEffect, useRef, useState } from 'preact/hooks';
import type { z } from 'zod';
import type { User } from '../../protocol/http/accounts.ts';
import type { ReviewAnswer } from '../../protocol/http/reviews.ts';
import type { Api } from '../shared/api.ts';
import { eventTitle, toneOf } from '../shared/event-name.ts';
import { Problem } from '../shared/field.tsx';
import { SourceBadge } from '../shared/source-badge.tsx';
import { ShownZone, useZone, zoneName } from '../shared/shown-zone.ts';
import { duration, timeOfDay } from '../shared/time-format.ts';
import { useAction } from '../shared/use-action.ts';
import { type AskedDecision, DecideDialog } from './decide-dialog.tsx';
import { IncidentDetail } from './incident-detail.tsx';
import { common } from '../shared/messages/common.ts';
import { number } from '../shared/messages/numbers.ts';
import { KeysDialog } from './keys-dialog.tsx';
import { t } from './messages.ts';
import { ReviewBadge } from './review-badge.tsx';
import { type Decision, isDecidable, neighbour, nextUndecided, reviewable, undoOf } from './review-state.ts';
import { Scores } from './scores.tsx';
import { SessionHead } from './session-head.tsx';
import { StaffActs } from './staff-acts.tsx';
import { SHORTCUT_ACTIONS, type ShortcutAction } from './shortcuts.ts';
import { usePrefs } from './use-prefs.ts';
import { type SessionData, useSessionData } from './use-session.ts';
import { useShortcuts } from './use-shortcuts.ts';
import { VerdictForm } from './verdict-form.tsx';

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

function ReviewPage({ api, id, user, data }: ReviewProps & { readonly data: SessionData }) {
  const { session, attempt, events, problem, reload, put } = data;
  const zone = useZone();
  const prefs = usePrefs();
  const [all, setAll] = useState(false);
  const [chosen, setChosen] = useState<string>();
  const [asked, setAsked] = useState<AskedDecision>();
  const [withImages, setWithImages] = useState<string>();
  const [keysOpen, setKeysOpen] = useState(false);
  const [status, setStatus] = useState('');
  const [undoAsked, setUndoAsked] = useState(false);
  const { busy, error, run } = useAction();
  const list = useRef<HTMLOListElement>(null);

  const shown = reviewable(events, all);
  const current = shown.find((event) => event.id === chosen) ?? shown[0];
  const reviewsOf = (event: string) => attempt?.reviews.filter(({ eventId }) => eventId === event) ?? [];
  const choose = (event: string | undefined) => {
    setChosen(event);
    // After rendering: the focus follows the selection, so that screen readers read the list along.
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>('[aria-current]')?.focus());
  };
  const decide = (event: string, { decision, reason }: Decision, then: string) =>
    run(async () => {
      const answer = await api.post<z.infer<typeof ReviewAnswer>>(`/api/events/${event}/review`, { decision, reason });
      put(answer.event);
      setStatus(
        t.review.decided(eventTitle(answer.event), t.review.decisions[decision], number(answer.session.reviewedScore)),
      );
      setAsked(undefined);
      choose(then);
      await reload();
    });
  const undo = current && undoOf(reviewsOf(current.id));
  const act = (action: ShortcutAction) => {
    if (action === 'next' || action === 'previous') choose(neighbour(shown, current?.id, action === 'next' ? 1 : -1));
    else if (action === 'undo') setUndoAsked(true);
    else if (current && isDecidable(current)) setAsked(action === 'confirm' ? 'confirmed' : 'dismissed');
  };
  /** Undoes the newest decision of the session, whatever is selected: the key is for a mistake just made. */
  const undoNewest = () => {
    const newest = attempt?.reviews[0];
    const back = newest && undoOf(reviewsOf(newest.eventId));
    if (newest && back) void decide(newest.eventId, back, newest.eventId);
    else setStatus(t.review.nothingToUndo);
  };
  useShortcuts(prefs, act);
  // A key pressed while a decision is sent means that decision, which is known when it is stored and read back.
  useEffect(() => {
    if (!undoAsked || busy) return;
    setUndoAsked(false);
    undoNewest();
  }, [undoAsked, busy]);
  useEffect(() => {
    if (chosen === undefined && shown[0]) setChosen(shown[0].id);
  }, [chosen, shown[0]?.id]);

  if (!session || !attempt) return problem ? <Problem>{problem}</Problem> : <p class="muted">{common.loading}</p>;
  const open = shown.filter((event) => event.review === null && isDecidable(event)).length;
  const { keys } = prefs;
  return (
    <section class={`stack pictures-${prefs.pictures}`}>
      <SessionHead
        session={session}
        examTitle={attempt.exam.title}
        student={attempt.student}
        names={prefs.names}
        page="review"
      />
      <Scores session={attempt.session} />
      <StaffActs attempt={attempt} events={events} />
      <div class="row between">
        <p class="small muted">
          {prefs.keysOn ? (
            <>
              {t.review.keys}
              {SHORTCUT_ACTIONS.map((action) => (
                <span key={action}>
                  {' '}
                  <kbd>{keys[action]}</kbd> {t.review.actions[action]}
                </span>
              ))}
            </>
          ) : (
            t.review.keysOff
          )}
        </p>
        <button class="small" onClick={() => setKeysOpen(true)}>
          {t.review.editKeys}
        </button>
      </div>
      <p class="small" role="status">
        {status}
      </p>
      {!asked && <Problem>{error}</Problem>}
      <div class="review">
        <section class="card stack" aria-labelledby="incidents-title">
          <div class="row between">
            <h2 id="incidents-title">{t.review.incidents}</h2>
            <span class="small muted">{t.review.undecided(open, shown.filter(isDecidable).length)}</span>
          </div>
          <p class="small muted">{t.session.timesIn(zoneName(zone, session.startedAt))}</p>
          <label class="check">
            <input type="checkbox" checked={all} onChange={(event) => setAll(event.currentTarget.checked)} />
            <span class="small">{t.review.includeZeroWeight}</span>
          </label>
          {shown.length === 0 ? (
            <p class="muted">{t.review.none}</p>
          ) : (
            <ol class="plain incidents" ref={list}>
              {shown.map((event) => (
                <li key={event.id}>
                  <button
                    class="incident"
                    aria-current={event.id === current?.id ? 'true' : undefined}
                    onClick={() => setChosen(event.id)}
                  >
                    <span class="small tabular">{timeOfDay(event.startedAt, zone)}</span>
                    <span class={`incident-name ${toneOf(event)}`}>
                      {eventTitle(event)}{' '}
                      {event.durationMs ? <span class="muted small">{duration(event.durationMs)}</span> : null}{' '}
                      <SourceBadge source={event.source} />
                    </span>
                    <span class="small tabular">+{event.weight}</span>
                    {isDecidable(event) ? <ReviewBadge review={event.review} /> : <span />}
                  </button>
                </li>
              ))}
            </ol>
          )}
        </section>
        <div class="stack">
          {current && (
            <IncidentDetail
              api={api}
              event={current}
              reviews={reviewsOf(current.id)}
              onImages={setWithImages}
              onDecide={setAsked}
              staff={attempt.staff ?? []}
              onUndo={undo ? () => void decide(current.id, undo, current.id) : undefined}
            />
          )}
          <VerdictForm
            api={api}
            session={id}
            over={session.status === 'ended'}
            user={user}
            verdict={attempt.verdict}
            onGiven={reload}
          />
        </div>
      </div>
      {asked && current && (
        <DecideDialog
          event={current}
          decision={asked}
          hasImages={withImages === current.id}
          busy={busy}
          problem={error}
          onClose={() => setAsked(undefined)}
          onDecide={(reason) => void decide(current.id, { decision: asked, reason }, nextUndecided(shown, current.id))}
        />
      )}
      {keysOpen && <KeysDialog prefs={prefs} onClose={() => setKeysOpen(false)} />}
    </section>
  );
}
