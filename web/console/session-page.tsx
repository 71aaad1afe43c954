import { useMemo, useState } from 'preact/hooks';
import { LONGEST_PAUSE_MS } from '../../protocol/pause.ts';
import type { User } from '../../protocol/http/accounts.ts';
import type { Api } from '../shared/api.ts';
import { EventList } from '../shared/event-list.tsx';
import { common } from '../shared/messages/common.ts';
import { number } from '../shared/messages/numbers.ts';
import { Problem } from '../shared/field.tsx';
import { Ticking } from '../shared/ticking.tsx';
import { ShownZone, useZone, zoneName } from '../shared/shown-zone.ts';
import { dateAndTime, zonedTimeOfDay } from '../shared/time-format.ts';
import { useNow } from '../shared/use-now.ts';
import { SessionCheckIn } from './check-in/session-check-in.tsx';
import { ClientLine } from './client-line.tsx';
import { Conversation } from './conversation.tsx';
import { Commands } from './commands.tsx';
import { Flags } from './flags.tsx';
import { FrameLine } from './frame-line.tsx';
import { KeysDialog } from './keys-dialog.tsx';
import { LiveView } from './live-view.tsx';
import { t } from './messages.ts';
import { NotesCard } from './notes-card.tsx';
import { presence, timeLeft } from './presence.ts';
import { Requests } from './requests.tsx';
import { Readmissions } from './readmissions.tsx';
import { RiskChart } from './risk-chart.tsx';
import { riskCurve } from './risk-curve.ts';
import { SessionHead } from './session-head.tsx';
import { ShortcutLine } from './shortcut-line.tsx';
import { LIVE_ACTIONS } from './shortcuts.ts';
import { shownName } from './shown-name.ts';
import { TeamCard } from './team-card.tsx';
import { rangeOf } from './timeline.ts';
import { TimelineView } from './timeline-view.tsx';
import { useFlagActs } from './use-flags.ts';
import { useShortcuts } from './use-shortcuts.ts';
import { useSeenWhileOpen, useTeamActs } from './use-team.ts';
import { useAuthors } from './use-authors.ts';
import { usePrefs } from './use-prefs.ts';
import { type SessionData, useSessionData } from './use-session.ts';
import type { WallStore } from './wall-store.ts';
import { LinkBadge } from './wall-status.tsx';

/** Update interval of the time scale, ms. */
const MOVE_MS = 5000;

interface SessionPageProps {
  readonly api: Api;
  readonly id: string;
  /** The wall that the user came from, if any. */
  readonly store: WallStore | undefined;
  readonly user: User;
}

/** One session: live image, timeline, risk, events and commands. */
export function SessionPage(props: SessionPageProps) {
  const data = useSessionData(props.api, props.id);
  return (
    <ShownZone.Provider value={data.zone}>
      <LivePage {...props} data={data} />
    </ShownZone.Provider>
  );
}

function LivePage({ api, id, store, user, data }: SessionPageProps & { readonly data: SessionData }) {
  const { client, link, session, team, attempt, events, analysis, halfLife, problem, reload } = data;
  const zone = useZone();
  const prefs = usePrefs();
  const mayCommand = user.role !== 'reviewer';
  const moved = useNow(MOVE_MS);
  // The newest event is never in the future, even if the clocks differ.
  const now = Math.max(moved, ...events.slice(0, 1).map(({ startedAt }) => Date.parse(startedAt)));
  useSeenWhileOpen(store, id, mayCommand);
  const [keysOpen, setKeysOpen] = useState(false);
  const acts = useTeamActs(api, session, team);
  const flags = useFlagActs(api, session, mayCommand);
  const authorOf = useAuthors(attempt, events, reload);
  useShortcuts(prefs, LIVE_ACTIONS, (action) => {
    if (!session) return;
    if (action === 'note') return document.getElementById('new-note')?.focus();
    if (action === 'flag') return flags.setFlagging(true);
    if (action === 'keep') return flags.keep();
    if (!mayCommand || session.status === 'ended') return;
    if (action === 'seen') acts.seen();
    if (action === 'claim') acts.claim(team?.claim?.by.id === user.id ? null : user.id);
    if (action === 'handOver') acts.setHanding(true);
  });
  const range = session && rangeOf(session, now);
  const curve = useMemo(
    () => (range ? riskCurve(events, range, now, halfLife) : undefined),
    [events, range?.from, range?.to, now, halfLife],
  );
  if (!session || !range || !curve)
    return problem ? <Problem>{problem}</Problem> : <p class="muted">{common.loading}</p>;
  const name = shownName(session, prefs.names);
  return (
    <section class={`stack pictures-${prefs.pictures}`}>
      <div class="row between">
        <SessionHead
          session={session}
          examTitle={attempt?.exam.title}
          attempt={attempt}
          names={prefs.names}
          page="session"
        />
        <LinkBadge link={link} onConnect={() => client.connect()} />
      </div>
      <Problem>{problem}</Problem>
      <ShortcutLine
        prefs={prefs}
        actions={mayCommand ? LIVE_ACTIONS : ['note', 'flag']}
        onEdit={() => setKeysOpen(true)}
      />
      <div class="session">
        <div class="stack">
          <div class="card stack picture-card">
            {prefs.pictures === 'off' || !mayCommand ? (
              <p class="muted">{mayCommand ? t.session.imagesHidden : t.session.noLiveView}</p>
            ) : (
              <LiveView client={client} session={session} analysis={analysis} />
            )}
            {session.status !== 'ended' && <FrameLine api={api} id={id} />}
            {session.status !== 'ended' && <ClientLine client={session.client} now={now} />}
          </div>
          <div class="card stack">
            <h2>{t.session.timeline}</h2>
            <TimelineView
              events={events}
              range={range}
              now={now}
              live={session.status !== 'ended'}
              authorOf={authorOf}
            />
          </div>
          <div class="card stack">
            <h2>{t.session.risk}</h2>
            <RiskChart
              curve={curve}
              summary={t.session.riskSummary(number(Math.round(session.score)), session.rolling.toFixed(1))}
            />
          </div>
        </div>
        <div class="stack">
          <div class="card stack act-card">
            <dl class="facts small">
              <dt>{t.session.score}</dt>
              <dd class="tabular">
                {t.session.scoreNow(number(Math.round(session.score)), session.rolling.toFixed(1))}
              </dd>
              <dt>{t.session.began}</dt>
              <dd>{dateAndTime(session.startedAt, zone)}</dd>
              <dt>{t.session.until}</dt>
              <dd>
                {session.deadline && !session.pausedAt && dateAndTime(session.deadline, zone)}
                {!session.deadline && t.session.noLimit}
                {session.deadline && session.pausedAt && <Ticking text={(at) => timeLeft(session, at)} />}
                {session.pausedAt && (
                  <p class="muted">
                    {t.session.pauseEnds(dateAndTime(Date.parse(session.pausedAt) + LONGEST_PAUSE_MS, zone))}
                  </p>
                )}
                {session.deadline && session.status === 'active' && (
                  <>
                    {' '}
                    (<Ticking text={(at) => timeLeft(session, at)} />)
                  </>
                )}
              </dd>
              <dt>{t.session.status}</dt>
              <dd>
                {session.status === 'ended'
                  ? presence(session, undefined, now, zone)
                  : [
                      session.status !== 'paused'
                        ? t.session.running
                        : session.pausedAt
                          ? t.session.pausedSince(zonedTimeOfDay(session.pausedAt, zone))
                          : t.session.paused,
                      session.connected ? t.session.connected : t.session.notConnected,
                    ].join(', ')}
              </dd>
            </dl>
            {mayCommand && <Commands client={client} session={session} name={name} events={events} />}
            <Flags api={api} session={session} name={name} events={events} acts={flags} />
            {mayCommand && session.status !== 'ended' && (
              <Requests api={api} session={session} name={name} events={events} />
            )}
          </div>
          <Conversation
            api={api}
            client={client}
            session={session}
            name={name}
            events={events}
            mayCommand={mayCommand}
            connection={link.state === 'live'}
          />
          <TeamCard
            api={api}
            user={user}
            session={session}
            name={name}
            team={team}
            acts={acts}
            mayCommand={mayCommand}
          />
          <NotesCard api={api} session={id} count={team?.notes ?? 0} />
          {attempt?.checkIn && (
            <div class="card stack">
              <h2>{t.checkIn.record}</h2>
              <SessionCheckIn api={api} checkIn={attempt.checkIn} />
            </div>
          )}
          {attempt && (
            <Readmissions
              api={api}
              attempt={attempt}
              ended={session.status === 'ended'}
              name={name}
              mayReadmit={mayCommand}
              onChanged={reload}
            />
          )}
          <div class="card stack">
            <h2>{t.session.events}</h2>
            <p class="small muted">{t.session.timesIn(zoneName(zone, session.startedAt))}</p>
            <EventList events={events} empty={t.session.nothingYet} authorOf={authorOf} />
          </div>
        </div>
      </div>
      {keysOpen && <KeysDialog prefs={prefs} onClose={() => setKeysOpen(false)} />}
    </section>
  );
}
