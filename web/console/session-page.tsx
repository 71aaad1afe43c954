import { useEffect, useMemo } from 'preact/hooks';
import type { Api } from '../shared/api.ts';
import { EventList } from '../shared/event-list.tsx';
import { Problem } from '../shared/field.tsx';
import { Ticking } from '../shared/ticking.tsx';
import { dateAndTime } from '../shared/time-format.ts';
import { useNow } from '../shared/use-now.ts';
import { Commands } from './commands.tsx';
import { FrameLine } from './frame-line.tsx';
import { LiveView } from './live-view.tsx';
import { presence, timeLeft } from './presence.ts';
import { RiskChart } from './risk-chart.tsx';
import { riskCurve } from './risk-curve.ts';
import { SessionHead } from './session-head.tsx';
import { shownName } from './shown-name.ts';
import { rangeOf } from './timeline.ts';
import { TimelineView } from './timeline-view.tsx';
import { usePrefs } from './use-prefs.ts';
import { useSessionData } from './use-session.ts';
import type { WallStore } from './wall-store.ts';
import { LinkBadge } from './wall-status.tsx';

/** How often the time scale moves on, ms. */
const MOVE_MS = 5000;

interface SessionPageProps {
  readonly api: Api;
  readonly id: string;
  /** The wall one came from, if any. */
  readonly store: WallStore | undefined;
}

/** One session closely: the picture, what was noted, and what can be done. */
export function SessionPage({ api, id, store }: SessionPageProps) {
  const { client, link, session, attempt, events, analysis, halfLife, problem } = useSessionData(api, id);
  const prefs = usePrefs();
  const moved = useNow(MOVE_MS);
  // An event that has just come is not in the future, whatever the clocks say.
  const now = Math.max(moved, ...events.slice(0, 1).map(({ startedAt }) => Date.parse(startedAt)));
  const score = session?.score;
  // Whoever looks has looked, also at what comes while the page is open.
  useEffect(() => store?.markLooked(id), [store, id, score]);
  const range = session && rangeOf(session, now);
  const curve = useMemo(
    () => (range ? riskCurve(events, range, now, halfLife) : undefined),
    [events, range?.from, range?.to, now, halfLife],
  );
  if (!session || !range || !curve) return problem ? <Problem>{problem}</Problem> : <p class="muted">Loading …</p>;
  return (
    <section class={`stack pictures-${prefs.pictures}`}>
      <div class="row between">
        <SessionHead session={session} examTitle={attempt?.exam.title} names={prefs.names} page="session" />
        <LinkBadge link={link} onConnect={() => client.connect()} />
      </div>
      <Problem>{problem}</Problem>
      <div class="session">
        <div class="stack">
          <div class="card stack picture-card">
            {prefs.pictures === 'off' ? (
              <p class="muted">Pictures are switched off on this machine.</p>
            ) : (
              <LiveView client={client} session={session} analysis={analysis} />
            )}
            {session.status !== 'ended' && <FrameLine api={api} id={id} />}
          </div>
          <div class="card stack">
            <h2>Along the time</h2>
            <TimelineView events={events} range={range} now={now} live={session.status !== 'ended'} />
          </div>
          <div class="card stack">
            <h2>Risk</h2>
            <RiskChart
              curve={curve}
              summary={`Risk over time: total ${session.score.toFixed(0)}, rolling ${session.rolling.toFixed(1)} at the moment`}
            />
          </div>
        </div>
        <div class="stack">
          <div class="card stack act-card">
            <dl class="facts small">
              <dt>Score</dt>
              <dd class="tabular">
                {session.score.toFixed(0)}, lately {session.rolling.toFixed(1)}
              </dd>
              <dt>Began</dt>
              <dd>{dateAndTime(session.startedAt)}</dd>
              <dt>Until</dt>
              <dd>
                {session.deadline ? dateAndTime(session.deadline) : 'no limit'}
                {session.deadline && session.status !== 'ended' && (
                  <>
                    {' '}
                    (<Ticking text={(at) => timeLeft(session, at)} />)
                  </>
                )}
              </dd>
              <dt>Status</dt>
              <dd>
                {session.status === 'ended'
                  ? presence(session, undefined, now)
                  : `${session.status === 'paused' ? 'paused' : 'running'}, ${session.connected ? 'connected' : 'not connected'}`}
              </dd>
            </dl>
            <Commands client={client} session={session} name={shownName(session, prefs.names)} events={events} />
          </div>
          <div class="card stack">
            <h2>What was noted</h2>
            <EventList events={events} empty="Nothing so far." />
          </div>
        </div>
      </div>
    </section>
  );
}
