import type { Exam } from '../../../protocol/http/exams.ts';
import type { Api } from '../../shared/api.ts';
import { at } from '../../shared/base-path.ts';
import { Problem } from '../../shared/field.tsx';
import { common } from '../../shared/messages/common.ts';
import { PageTitle } from '../../shared/page-title.tsx';
import { useLoaded } from '../../shared/use-loaded.ts';
import { t } from '../messages.ts';
import { EXAM_TABS, EXAMS, type ExamTab, hrefOf } from '../route.ts';
import { go } from '../use-route.ts';
import { Attendance } from './attendance.tsx';
import { EditExam } from './edit-exam.tsx';
import { ExamFacts } from './exam-facts.tsx';
import { Results } from './results.tsx';
import { Staff } from './staff.tsx';
import { StatusBadge } from './status-badge.tsx';
import { Students } from './students.tsx';

interface ExamPageProps {
  readonly api: Api;
  readonly id: string;
  readonly tab: ExamTab;
}

/** One exam: what it is, who sits it, who watches. */
export function ExamPage({ api, id, tab }: ExamPageProps) {
  const {
    value: exam,
    error,
    reload,
  } = useLoaded(
    () => api.get<Exam>(`/api/exams/${id}`),
    [
      api,
      id,
      // An exam opens and closes by itself meanwhile.
      tab,
    ],
  );
  if (!exam) return error ? <Problem>{error}</Problem> : <p class="muted">{common.loading}</p>;
  const page = () => {
    switch (tab) {
      case 'overview':
        return <ExamFacts api={api} exam={exam} onChanged={() => void reload()} />;
      case 'students':
        return <Students api={api} exam={exam} />;
      case 'staff':
        return <Staff api={api} exam={exam} />;
      case 'attendance':
        return <Attendance api={api} exam={exam} />;
      case 'results':
        return <Results api={api} exam={exam} />;
      case 'edit':
        return (
          <EditExam
            api={api}
            exam={exam}
            onStale={reload}
            onSaved={async () => {
              await reload();
              go({ page: 'exam', exam: id, tab: 'overview' });
            }}
          />
        );
    }
  };
  return (
    <>
      <div class="stack tight">
        <nav class="small" aria-label={t.exams.place}>
          <a href={hrefOf(EXAMS)}>{t.exams.title}</a>
        </nav>
        <div class="row">
          <PageTitle>{exam.title}</PageTitle>
          <StatusBadge status={exam.status} />
        </div>
      </div>
      <nav class="tabs" aria-label={t.exam.tabsLabel}>
        {EXAM_TABS.map((each) => (
          <a
            key={each}
            href={hrefOf({ page: 'exam', exam: id, tab: each })}
            aria-current={each === tab ? 'page' : undefined}
          >
            {t.exam.tabs[each]}
          </a>
        ))}
        <a href={at(`/console#/sessions?exam=${id}&reviewed=any`)}>{t.exam.sessions}</a>
      </nav>
      <Problem>{error}</Problem>
      {page()}
    </>
  );
}
