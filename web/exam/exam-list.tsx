import { useEffect, useRef, useState } from 'preact/hooks';
import type { AvailableExam } from '../../protocol/http/exams.ts';
import type { ListedSession } from '../../protocol/http/session-list.ts';
import type { Api } from '../shared/api.ts';
import { Problem } from '../shared/field.tsx';
import { common } from '../shared/messages/common.ts';
import { PageTitle } from '../shared/page-title.tsx';
import { dateAndTime } from '../shared/time-format.ts';
import { useAction } from '../shared/use-action.ts';
import { readAvailable, readMissed } from './available-exams.ts';
import { attemptsLine, examTimes } from './exam-times.ts';
import { t } from './messages.ts';
import { CheckInLine, ExamStart } from './exam-start.tsx';
import { hrefOf } from './route.ts';
import { at } from '../shared/base-path.ts';

interface ExamListProps {
  readonly api: Api;
  readonly onChoose: (exam: AvailableExam) => void;
}

/** How long a change of staff, such as a readmission, may stay unseen, ms; spread so that not all students ask at once. */
const RELOAD_MS = { least: 50_000, spread: 20_000 } as const;
/** Until the list is read again for an exam that opens by itself, ms. */
const OPENING_MS = { least: 15_000, most: 3_600_000, spread: 5000 } as const;

/** Of a time that is to come. */
const opensLater = (time: string): number[] => (Date.parse(time) > Date.now() ? [Date.parse(time)] : []);

/** Exams that the student can take, and records of past ones. */
export function ExamList({ api, onChoose }: ExamListProps) {
  const [exams, setExams] = useState<readonly AvailableExam[]>();
  const [past, setPast] = useState<readonly ListedSession[]>([]);
  const [missed, setMissed] = useState<readonly AvailableExam[]>([]);
  /** Exams of the list, with their states, when the missed ones were last read. */
  const missedAt = useRef('');
  const { busy, error, run } = useAction();
  const load = () =>
    void run(async () => {
      const [open, mine] = await Promise.all([
        readAvailable(api),
        api.get<{ items: ListedSession[] }>('/api/sessions?limit=20'),
      ]);
      setExams(open);
      setPast(mine.items.filter(({ status }) => status === 'ended'));
      // An exam that closes leaves the list, or changes in it.
      const key = JSON.stringify(open.map(({ id, status, attempts }) => [id, status, attempts]));
      if (key === missedAt.current) return;
      const gone = await readMissed(api);
      setMissed(gone.filter(({ id }) => open.every((exam) => exam.id !== id)));
      missedAt.current = key;
    });
  useEffect(load, [api]);
  useEffect(() => {
    const seen = () => document.visibilityState === 'visible' && load();
    const timer = setInterval(seen, RELOAD_MS.least + Math.random() * RELOAD_MS.spread);
    document.addEventListener('visibilitychange', seen);
    addEventListener('focus', seen);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', seen);
      removeEventListener('focus', seen);
    };
  }, [api]);
  useEffect(() => {
    const opening = exams?.flatMap(({ status, startsAt, checkIn }) => [
      ...(status === 'scheduled' && startsAt ? [Date.parse(startsAt)] : []),
      ...(checkIn?.state === null && !checkIn.canOpen && checkIn.opensAt ? opensLater(checkIn.opensAt) : []),
    ]);
    if (!opening?.length) return;
    // Not all students at once, and again where the clock of this device is ahead.
    const wait = Math.min(Math.max(Math.min(...opening) - Date.now(), OPENING_MS.least), OPENING_MS.most);
    const timer = setTimeout(load, wait + Math.random() * OPENING_MS.spread);
    return () => clearTimeout(timer);
  }, [exams]);
  return (
    <section class="middle stack">
      <div class="row between">
        <PageTitle>{t.exams}</PageTitle>
        <div class="row">
          <a class="small" href={at('/system-check')}>
            {t.systemCheck}
          </a>
          <button class="small" disabled={busy} onClick={load}>
            {common.refresh}
          </button>
        </div>
      </div>
      <Problem>{error}</Problem>
      {!exams && busy && <p class="muted">{common.loading}</p>}
      {exams?.length === 0 && <p class="card muted">{t.noExams}</p>}
      <ul class="plain stack">
        {exams?.map((exam) => (
          <li key={exam.id} class="card row between">
            <div>
              <h2>{exam.title}</h2>
              <p class="muted small">{examTimes(exam)}</p>
              <p class="muted small">{attemptsLine(exam)}</p>
              <CheckInLine exam={exam} />
              {exam.readmission && <p class="note good">{t.readmitted[exam.readmission.kind]}</p>}
            </div>
            <ExamStart exam={exam} onChoose={() => onChoose(exam)} />
          </li>
        ))}
      </ul>
      {missed.length > 0 && (
        <section class="card stack" aria-labelledby="missed">
          <h2 id="missed">{t.missedExams}</h2>
          <ul class="plain stack">
            {missed.map((exam) => (
              <li key={exam.id}>
                <h3>{exam.title}</h3>
                <p class="muted small">{examTimes(exam)}</p>
                <p class="small">{t.missed}</p>
              </li>
            ))}
          </ul>
        </section>
      )}
      {past.length > 0 && (
        <div class="card stack">
          <h2>{t.pastExams}</h2>
          <ul class="plain stack tight">
            {past.map(({ id, examId, examTitle, startedAt }) => (
              <li key={id}>
                <a href={hrefOf({ page: 'record', session: id })}>{examTitle}</a>{' '}
                <span class="muted small">
                  {dateAndTime(startedAt, exams?.find(({ id: each }) => each === examId)?.timeZone)}
                </span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}
