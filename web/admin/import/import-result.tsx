import type { Ref } from 'preact';
import type { ImportReport } from '../../../protocol/http/imports.ts';
import type { Api } from '../../shared/api.ts';
import { plural } from '../../shared/messages/numbers.ts';
import { t } from '../messages.ts';
import { EXAMS, hrefOf, PEOPLE } from '../route.ts';
import { Changes } from './changes.tsx';
import { Counts } from './counts.tsx';
import { Invitations } from './invitations.tsx';

const EXAMS_LINKED = 5;

interface ImportResultProps {
  readonly api: Api;
  readonly report: ImportReport;
  /** Exam of the import; empty: none, or several. */
  readonly exam: string;
  readonly heading: Ref<HTMLHeadingElement>;
  readonly onAgain: () => void;
}

/** Effect of an import, and the steps after it. */
export function ImportResult({ api, report, exam, heading, onAgain }: ImportResultProps) {
  const { created, kind } = report;
  return (
    <>
      <section class="card stack" aria-labelledby="result">
        <h2 id="result" ref={heading} tabIndex={-1} class="page-title">
          {t.imports.done}
        </h2>
        <Counts report={report} />
        <p class="muted">{t.imports.doneHint}</p>
        <div class="row">
          {kind !== 'enrolments' && (
            <a class="button" href={hrefOf(PEOPLE)}>
              {t.imports.toPeople}
            </a>
          )}
          {kind !== 'people' && exam !== '' && (
            <a class="button" href={hrefOf({ page: 'exam', exam, tab: 'students' })}>
              {t.imports.toStudents}
            </a>
          )}
          {kind === 'people' && (
            <a class="button primary" href={hrefOf({ page: 'import', kind: 'enrolments', exam: undefined })}>
              {t.imports.toEnrolments}
            </a>
          )}
          {kind !== 'people' && (
            <a class="button" href={hrefOf(exam === '' ? EXAMS : { page: 'exam', exam, tab: 'overview' })}>
              {exam === '' ? t.imports.toExams : t.imports.toExam}
            </a>
          )}
          {exam === '' &&
            report.exams.slice(0, EXAMS_LINKED).map(({ id, title }) => (
              <a key={id} class="button" href={hrefOf({ page: 'exam', exam: id, tab: 'students' })}>
                {title}
              </a>
            ))}
          <button onClick={onAgain}>{t.imports.another}</button>
        </div>
      </section>
      {created.length > 0 && <Invitations api={api} ids={created} title={plural(created.length, t.imports.invite)} />}
      <Changes changes={report.changes} />
    </>
  );
}
