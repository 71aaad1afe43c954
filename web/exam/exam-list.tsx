import { useEffect, useState } from 'preact/hooks';
import type { AvailableExam } from '../../protocol/http/exams.ts';
import type { Session } from '../../protocol/http/sessions.ts';
import type { Api } from '../shared/api.ts';
import { Problem } from '../shared/field.tsx';
import { PageTitle } from '../shared/page-title.tsx';
import { dateAndTime } from '../shared/time-format.ts';
import { useAction } from '../shared/use-action.ts';
import { examTimes } from './exam-times.ts';
import { hrefOf } from './route.ts';

interface ExamListProps {
  readonly api: Api;
  readonly onChoose: (exam: AvailableExam) => void;
}

/** Far more than anybody sits. */
const MAX_PAGES = 10;

async function readAvailable(api: Api): Promise<AvailableExam[]> {
  const exams: AvailableExam[] = [];
  let cursor = '';
  for (let pages = 0; pages < MAX_PAGES; pages++) {
    const page = await api.get<{ items: AvailableExam[]; nextCursor: string | null }>(
      `/api/exams/available?limit=200${cursor}`,
    );
    exams.push(...page.items);
    if (page.nextCursor === null) break;
    cursor = `&cursor=${encodeURIComponent(page.nextCursor)}`;
  }
  return exams;
}

/** What can be sat, and the records of what was. */
export function ExamList({ api, onChoose }: ExamListProps) {
  const [exams, setExams] = useState<readonly AvailableExam[]>();
  const [sat, setSat] = useState<readonly Session[]>([]);
  const { busy, error, run } = useAction();
  const load = () =>
    void run(async () => {
      const [open, mine] = await Promise.all([
        readAvailable(api),
        api.get<{ items: Session[] }>('/api/sessions?limit=20'),
      ]);
      setExams(open);
      setSat(mine.items.filter(({ status }) => status === 'ended'));
    });
  useEffect(load, [api]);
  const titleOf = (examId: string) => exams?.find(({ id }) => id === examId)?.title ?? 'Exam';
  return (
    <section class="middle stack">
      <div class="row between">
        <PageTitle>Exams</PageTitle>
        <div class="row">
          <a class="small" href="/system-check">
            System check
          </a>
          <button class="small" disabled={busy} onClick={load}>
            Refresh
          </button>
        </div>
      </div>
      <Problem>{error}</Problem>
      {!exams && busy && <p class="muted">Loading …</p>}
      {exams?.length === 0 && <p class="card muted">No exam is open at the moment.</p>}
      <ul class="plain stack">
        {exams?.map((exam) => (
          <li key={exam.id} class="card row between">
            <div>
              <h2>{exam.title}</h2>
              <p class="muted small">{examTimes(exam)}</p>
            </div>
            {exam.runningSessionId || exam.canStart ? (
              <button
                class="primary"
                aria-label={`${exam.runningSessionId ? 'Go on' : 'Choose'}: ${exam.title}`}
                onClick={() => onChoose(exam)}
              >
                {exam.runningSessionId ? 'Go on' : 'Choose'}
              </button>
            ) : (
              <p class="muted small">Not open: {exam.reason?.detail}</p>
            )}
          </li>
        ))}
      </ul>
      {sat.length > 0 && (
        <div class="card stack">
          <h2>What you have sat</h2>
          <ul class="plain stack tight">
            {sat.map(({ id, examId, startedAt }) => (
              <li key={id}>
                <a href={hrefOf({ page: 'record', session: id })}>{titleOf(examId)}</a>{' '}
                <span class="muted small">{dateAndTime(startedAt)}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}
