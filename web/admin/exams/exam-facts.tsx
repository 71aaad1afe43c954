import type { Exam } from '../../../protocol/http/exams.ts';
import type { Api } from '../../shared/api.ts';
import { at } from '../../shared/base-path.ts';
import { number } from '../../shared/messages/numbers.ts';
import { duration } from '../../shared/time-format.ts';
import { timeInZone } from '../../shared/zone-format.ts';
import { useLoaded } from '../../shared/use-loaded.ts';
import { Problem } from '../../shared/field.tsx';
import { t } from '../messages.ts';
import { ExamGaps, readExamPeople } from './exam-gaps.tsx';
import { hrefOf } from '../route.ts';
import { ExamPolicy } from './exam-policy.tsx';
import { MessageTemplates } from './message-templates.tsx';
import { FlagCategories } from './flag-categories.tsx';
import { StatusActions } from './status-actions.tsx';

interface ExamFactsProps {
  readonly api: Api;
  readonly exam: Exam;
  readonly onChanged: () => void;
}

/** Terms of an exam in words, and what can be done with it. */
export function ExamFacts({ api, exam, onChanged }: ExamFactsProps) {
  const { timeZone, startsAt, endsAt } = exam;
  const people = useLoaded(() => readExamPeople(api, exam.id), [api, exam.id]);
  const time = (instant: string | null) => (instant ? timeInZone(instant, timeZone) : t.exam.notSet);
  return (
    <>
      <section class="card stack">
        <p>{t.exam.statusMeans[exam.status]}</p>
        {people.value && <ExamGaps exam={exam} people={people.value} />}
        <Problem>{people.error}</Problem>
        <dl class="facts">
          <dt>{t.form.start}</dt>
          <dd>{time(startsAt)}</dd>
          <dt>{t.form.end}</dt>
          <dd>{time(endsAt)}</dd>
          <dt>{t.form.zone}</dt>
          <dd>{timeZone}</dd>
          <dt>{t.exam.limit}</dt>
          <dd>{exam.durationMinutes === null ? t.exams.noLimit : duration(exam.durationMinutes * 60_000)}</dd>
          <dt>{t.exam.lateStart}</dt>
          <dd>
            {exam.lateStartMinutes === null
              ? t.exam.untilEnd
              : t.exam.lateStartWithin(duration(exam.lateStartMinutes * 60_000))}
          </dd>
          <dt>{t.form.attempts}</dt>
          <dd>{exam.maxAttempts === null ? t.exams.noLimit : number(exam.maxAttempts)}</dd>
          <dt>{t.form.openTo}</dt>
          <dd>{t.form.openToNames[exam.openTo]}</dd>
          <dt>{t.form.staffAccess}</dt>
          <dd>{t.form.staffNames[exam.staffAccess]}</dd>
          <dt>{t.form.sample}</dt>
          <dd>{number(exam.reviewSamplePercent ?? 0)}</dd>
        </dl>
      </section>
      <ExamPolicy api={api} exam={exam} onChanged={onChanged} />
      <MessageTemplates api={api} exam={exam.id} />
      <FlagCategories api={api} exam={exam} />
      <section class="card stack" aria-labelledby="actions">
        <h2 id="actions">{t.exam.actions}</h2>
        <StatusActions api={api} exam={exam} onChanged={onChanged} />
        <p class="row">
          <a class="button" href={hrefOf({ page: 'newExam', from: exam.id })}>
            {t.exam.clone}
          </a>
          <a class="button" href={at(`/console#/exam/${exam.id}`)}>
            {t.exam.wall}
          </a>
        </p>
      </section>
    </>
  );
}
