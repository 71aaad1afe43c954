import type { User } from '../../protocol/http/accounts.ts';
import type { Exam } from '../../protocol/http/exams.ts';
import type { Api } from '../shared/api.ts';
import { at } from '../shared/base-path.ts';
import { Problem } from '../shared/field.tsx';
import { PageTitle } from '../shared/page-title.tsx';
import { useLoaded } from '../shared/use-loaded.ts';
import { browserZone } from '../shared/zone-format.ts';
import { ExamCards } from './exams/exam-cards.tsx';
import { type ExamPeople, lacksStudents, readExamPeople } from './exams/exam-gaps.tsx';
import { t } from './messages.ts';
import type { Organisations } from './organisations/use-organisations.ts';
import { OversightCard } from './system/oversight-card.tsx';
import { EXAMS, hrefOf, IMPORT } from './route.ts';

interface Found {
  readonly today: readonly Exam[];
  readonly coming: readonly Exam[];
  /** Of these exams. */
  readonly people: ReadonlyMap<string, ExamPeople>;
  readonly hasExam: boolean;
  readonly hasStudent: boolean;
  readonly hasStaff: boolean;
}

/** Exams for which people are read: each needs two requests. */
const LOOKED_INTO = 6;

interface OverviewProps {
  readonly api: Api;
  readonly user: User;
  readonly organisations: Organisations;
}

/** Exams of today, and the steps from a new installation to a first exam. */
export function Overview({ api, user, organisations }: OverviewProps) {
  const { value, error } = useLoaded<Found>(async () => {
    const read = async (when: string) =>
      (
        await api.get<{ items: Exam[] }>(
          `/api/exams?limit=5&when=${when}&timeZone=${encodeURIComponent(browserZone())}`,
        )
      ).items;
    const any = async (path: string) => (await api.get<{ items: unknown[] }>(path)).items.length > 0;
    const [today, coming, hasPast, hasStudent, hasProctor, hasReviewer] = await Promise.all([
      read('today'),
      read('coming'),
      any('/api/exams?limit=1'),
      any('/api/users?limit=1&role=student'),
      any('/api/users?limit=1&role=proctor'),
      any('/api/users?limit=1&role=reviewer'),
    ]);
    const ids = [...new Set([...today, ...coming].map(({ id }) => id))].slice(0, LOOKED_INTO);
    const people = new Map(await Promise.all(ids.map(async (id) => [id, await readExamPeople(api, id)] as const)));
    const hasExam = today.length > 0 || coming.length > 0 || hasPast;
    return { today, coming, people, hasExam, hasStudent, hasStaff: hasProctor || hasReviewer };
  }, [api]);
  const next = value?.today[0] ?? value?.coming[0];
  const counts = next && value?.people.get(next.id);
  return (
    <>
      <PageTitle>{t.overview.title}</PageTitle>
      <Problem>{error}</Problem>
      {value && (
        <section class="stack" aria-labelledby="today">
          <h2 id="today">{t.exams.when.today}</h2>
          {value.today.length === 0 ? (
            <p class="muted">{t.overview.noneToday}</p>
          ) : (
            <ExamCards exams={value.today} people={value.people} />
          )}
        </section>
      )}
      {value && value.coming.length > 0 && (
        <section class="stack" aria-labelledby="coming">
          <h2 id="coming">{t.exams.when.coming}</h2>
          <ExamCards exams={value.coming} people={value.people} />
        </section>
      )}
      <section class="card stack" aria-labelledby="steps">
        <h2 id="steps">{t.overview.steps}</h2>
        <ol class="steps">
          <Step
            href={hrefOf({ page: 'newExam', from: undefined })}
            name={t.overview.makeExam}
            hint={t.overview.makeExamHint}
            done={value?.hasExam}
          />
          <Step
            href={hrefOf(IMPORT)}
            name={t.overview.importPeople}
            hint={t.overview.importPeopleHint}
            done={value?.hasStudent}
          />
          <Step
            href={hrefOf({ page: 'newPerson' })}
            name={t.overview.addPeople}
            hint={t.overview.addPeopleHint}
            done={value?.hasStaff}
          />
          <Step
            href={hrefOf(next ? { page: 'exam', exam: next.id, tab: 'students' } : EXAMS)}
            name={next ? t.overview.enrolIn(next.title) : t.overview.enrol}
            hint={t.overview.enrolHint}
            done={next && !!counts && !lacksStudents(next, counts)}
          />
          <Step
            href={hrefOf(next ? { page: 'exam', exam: next.id, tab: 'staff' } : EXAMS)}
            name={next ? t.overview.assignTo(next.title) : t.overview.assign}
            hint={t.overview.assignHint}
            done={counts && counts.staff > 0}
          />
          <Step href={at('/exam')} name={t.overview.tryIt} hint={t.overview.tryItHint} done={false} />
        </ol>
      </section>
      {user.role === 'admin' && <OversightCard api={api} />}
      {user.role === 'admin' && !organisations.several && (
        <p class="small">
          <a href={hrefOf({ page: 'organisations' })}>{t.organisations.add}</a>
        </p>
      )}
    </>
  );
}

interface StepProps {
  readonly href: string;
  readonly name: string;
  readonly hint: string;
  /** Undefined: not known yet. */
  readonly done: boolean | undefined;
}

const Step = ({ href, name, hint, done = false }: StepProps) => (
  <li>
    <a href={href}>{name}</a> {done && <span class="badge low">{t.overview.done}</span>}
    <p class="small muted">{hint}</p>
  </li>
);
