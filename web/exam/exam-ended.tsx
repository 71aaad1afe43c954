import { useEffect, useState } from 'preact/hooks';

import type { Api } from '../shared/api.ts';
import { LevelBadge } from '../shared/level-badge.tsx';
import { number } from '../shared/messages/numbers.ts';
import { PageTitle } from '../shared/page-title.tsx';
import { t } from './messages.ts';
import { hrefOf } from './route.ts';
import { type MyAttempt, Tally } from './record-parts.tsx';
import type { SessionView } from './session-view.ts';

interface ExamEndedProps {
  readonly api: Api;
  readonly sessionId: string;
  readonly view: SessionView;
  readonly onLeave: () => void;
}

export function ExamEnded({ api, sessionId, view, onLeave }: ExamEndedProps) {
  const [attempt, setAttempt] = useState<MyAttempt>();
  // The stored totals, on which a verdict would rest; if the request fails, the linked record loads them again.
  useEffect(
    () => void api.get<MyAttempt>(`/api/proctoring/my-attempt/${sessionId}`).then(setAttempt, () => {}),
    [api, sessionId],
  );
  // The proctor's reason arrives as an event before the end.
  const reason =
    view.endReason === 'terminated'
      ? view.events.find(({ type }) => type === 'SESSION_TERMINATED')?.details['reason']
      : undefined;
  const pauseExpired = [...view.events, ...(attempt?.events.items ?? [])].some(
    ({ type, source }) => type === 'PAUSE_EXPIRED' && source === 'connection',
  );
  const shown = view.studentView;
  const { score, level } = attempt
    ? { score: attempt.session.riskScore, level: attempt.session.riskLevel }
    : (view.risk ?? {});
  return (
    <section class="middle stack">
      <div class="card stack">
        <PageTitle>{t.endReasons[pauseExpired ? 'ended' : (view.endReason ?? 'ended')]}</PageTitle>
        {pauseExpired && <p class="note warn">{t.pauseExpired}</p>}
        {view.endReason === 'ended' && !pauseExpired && <p>{t.endedByOthers}</p>}
        {typeof reason === 'string' && <p class="note warn">{t.proctorReason(reason)}</p>}
        <p>{t.recordingStopped}</p>
        {shown === 'score' && score !== undefined && level && (
          <p class="row">
            <LevelBadge level={level} />
            <span>
              {t.scoreOf(number(Math.round(score)))}. {t.scoreMeaning}
            </span>
          </p>
        )}
      </div>
      <div class="card stack">
        <h2>{t.summary}</h2>
        {attempt ? (
          <Tally attempt={attempt} events={view.events} />
        ) : (
          <p key="count" class="muted">
            {t.eventCount(view.events.length)}
          </p>
        )}
        <p>
          <a href={hrefOf({ page: 'record', session: sessionId })} onClick={onLeave}>
            {t.openRecord}
          </a>
          . {t.openRecordNote}
        </p>
        <div>
          <button onClick={onLeave}>{t.backToExams}</button>
        </div>
      </div>
    </section>
  );
}
