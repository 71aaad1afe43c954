import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Analysis, ConsoleDown, SessionView } from '../../protocol/down.ts';
import { opensIncident } from '../../protocol/event-types.ts';
import type { Team } from '../../protocol/team.ts';
import type { Event } from '../../protocol/events.ts';
import type { Attempt } from '../../protocol/http/attempts.ts';
import type { Exam } from '../../protocol/http/exams.ts';
import type { Session } from '../../protocol/http/sessions.ts';
import type { z } from 'zod';
import type { StateChange } from '../sdk/link-state.ts';
import type { Api } from '../shared/api.ts';
import { messageOf } from '../shared/api-error.ts';
import { readEvents } from '../shared/read-events.ts';
import { mergeRead, upsertEvent } from '../shared/upsert-event.ts';
import { ConsoleClient } from './console-client.ts';
import { serverUrl } from '../shared/base-path.ts';
import { openAfter } from './wall-state.ts';

export type AttemptView = z.infer<typeof Attempt>;

export interface SessionData {
  readonly client: ConsoleClient;
  readonly link: StateChange;
  /** From the socket, or, before its first message, from HTTP; undefined before both. */
  readonly session: SessionView | undefined;
  /** Staff at work on it; undefined until the socket tells of any. */
  readonly team: Team | undefined;
  readonly attempt: AttemptView | undefined;
  /** Newest first. */
  readonly events: readonly Event[];
  /** Of the last analysed frame. */
  readonly analysis: Analysis | undefined;
  /** Seconds in which rolling risk halves. */
  readonly halfLife: number;
  /** Zone of the exam, once known. */
  readonly zone: string | undefined;
  readonly problem: string | undefined;
  /** Reloads data that the socket does not send: reviews, verdicts, scores. */
  readonly reload: () => Promise<void>;
  /** Adds an event from an HTTP response. */
  readonly put: (event: Event) => void;
}

/** One session, running or ended, updated through a socket of its own. */
export function useSessionData(api: Api, id: string): SessionData {
  const client = useMemo(
    () =>
      new ConsoleClient({ server: serverUrl(), getTicket: () => api.ticket('/api/console/ticket') }, { session: id }),
    [api, id],
  );
  const [link, setLink] = useState<StateChange>({ state: 'idle' });
  const [session, setSession] = useState<SessionView>();
  const [team, setTeam] = useState<Team>();
  const [attempt, setAttempt] = useState<AttemptView>();
  const [exam, setExam] = useState<Exam>();
  const [events, setEvents] = useState<readonly Event[]>([]);
  const [analysis, setAnalysis] = useState<Analysis>();
  const [problem, setProblem] = useState<string>();

  const put = useCallback((event: Event) => setEvents((all) => upsertEvent(all, event, KEPT)), []);
  const reload = useCallback(
    async () => setAttempt(await api.get<AttemptView>(`/api/proctoring/attempt/${id}`)),
    [api, id],
  );

  // What a review changes comes with the attempt only. A review of a group sends an event for each.
  const pending = useRef<ReturnType<typeof setTimeout>>(undefined);
  const reloadSoon = useCallback(() => {
    clearTimeout(pending.current);
    pending.current = setTimeout(() => void reload().catch(() => {}), REVIEWED_AFTER_MS);
  }, [reload]);
  useEffect(() => () => clearTimeout(pending.current), [reloadSoon]);
  const known = useRef(events);
  known.current = events;
  const scored = attempt?.session;
  const isOutdated =
    scored !== undefined && scored.reviewedScore !== scored.riskScore && scored.riskScore !== session?.score;
  useEffect(() => {
    if (isOutdated && session) reloadSoon();
  }, [isOutdated, session?.score, reloadSoon]);

  useEffect(() => {
    const take = (message: ConsoleDown) => {
      if (message.type === 'snapshot') {
        setSession(message.sessions.find((each) => each.id === id));
        // Events read before the feed started may miss those in between.
        readEvents(api, id).then(
          (read) => setEvents((all) => mergeRead(all, read)),
          (error: unknown) => setProblem(messageOf(error)),
        );
      }
      if (message.type === 'session') setSession(message.session);
      if (message.type === 'team') setTeam((before) => message.sessions.find(({ session: of }) => of === id) ?? before);
      if (message.type === 'risk')
        setSession(
          (before) =>
            before && {
              ...before,
              score: message.score,
              rolling: message.rolling,
              level: message.level,
              attention: message.attention,
            },
        );
      if (message.type === 'analysis') setAnalysis(message);
      if (message.type === 'event') {
        const earlier = known.current.find(({ id: other }) => other === message.event.id);
        if (message.event.type === 'PROCTOR_FLAG' || (earlier?.review ?? null) !== message.event.review) reloadSoon();
        put(message.event);
        setSession((before) => before && { ...before, open: openAfter(before.open, message.event) });
      }
    };
    const stops = [client.on('state', setLink), client.on('message', take)];
    client.connect();
    return () => {
      for (const stop of stops) stop();
      client.close();
    };
  }, [api, client, id, reloadSoon]);

  useEffect(() => {
    setProblem(undefined);
    const load = async () => {
      const [read, view] = [await readEvents(api, id), await api.get<AttemptView>(`/api/proctoring/attempt/${id}`)];
      setEvents((all) => mergeRead(all, read));
      setAttempt(view);
      setExam(await api.get<Exam>(`/api/exams/${view.exam.id}`));
    };
    load().catch((error: unknown) => setProblem(messageOf(error)));
  }, [api, id]);

  const shown = session ?? (attempt && asView(attempt.session, events));
  return {
    client,
    link,
    session: shown,
    team,
    attempt,
    events,
    analysis,
    halfLife: exam?.policy.halfLifeSeconds ?? 300,
    zone: exam?.timeZone,
    problem,
    reload,
    put,
  };
}

const KEPT = 2000;
const REVIEWED_AFTER_MS = 300;

/** A session from HTTP in the shape that the socket uses. */
function asView({ riskScore, rollingRisk, riskLevel, ...session }: Session, events: readonly Event[]): SessionView {
  return {
    ...session,
    score: riskScore,
    rolling: rollingRisk,
    level: riskLevel,
    open: events.filter(({ type, endedAt }) => endedAt === null && opensIncident(type)).map(({ type }) => type),
  };
}
