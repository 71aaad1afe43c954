import { useState } from 'preact/hooks';
import type { Exam, OpenTo } from '../../protocol/http/exams.ts';
import type { Api } from '../shared/api.ts';
import { Problem } from '../shared/field.tsx';
import { dateAndTime } from '../shared/time-format.ts';
import { ExamForm } from './exam-form.tsx';
import { type ExamCounts, countByExam, NO_COUNTS } from './exam-counts.ts';
import { PageTitle } from '../shared/page-title.tsx';
import { hrefOf } from './route.ts';
import { usePulse } from './use-store.ts';
import type { WallStore } from './wall-store.ts';
import { LinkBadge, WallCounts } from './wall-status.tsx';
import { useLink } from './use-link.ts';

interface ExamListProps {
  readonly api: Api;
  readonly store: WallStore;
  readonly exams: readonly Exam[] | undefined;
  readonly problem: string | undefined;
  readonly mayCreate: boolean;
  readonly onCreated: (exam: Exam) => void;
}

/** Exams with what goes on in them now. */
export function ExamList({ api, store, exams, problem, mayCreate, onCreated }: ExamListProps) {
  const [creating, setCreating] = useState(false);
  const counts = usePulse(store, ({ sessions }) => countByExam(sessions.values()));
  const link = useLink(store);
  const created = (exam: Exam) => {
    setCreating(false);
    onCreated(exam);
  };
  return (
    <section class="stack">
      <div class="row between">
        <PageTitle>Exams</PageTitle>
        <div class="row">
          <LinkBadge link={link} onConnect={() => store.client.connect()} />
          <WallCounts store={store} />
        </div>
      </div>
      <div class="row">
        <a class="button" href={hrefOf({ page: 'wall', exam: undefined })}>
          All sessions on one wall
        </a>
        {mayCreate && (
          <button aria-expanded={creating} onClick={() => setCreating(!creating)}>
            New exam
          </button>
        )}
      </div>
      <Problem>{problem}</Problem>
      {creating && <ExamForm api={api} onCreated={created} onCancel={() => setCreating(false)} />}
      {exams?.length === 0 && <p class="card muted">There is no exam yet.</p>}
      <ul class="plain exam-list" aria-label="Exams">
        {exams?.map((exam) => (
          <li key={exam.id} class="card exam">
            <div class="stack tight">
              <a class="exam-title" href={hrefOf({ page: 'wall', exam: exam.id })}>
                {exam.title}
              </a>
              <span class="small muted">{when(exam)}</span>
            </div>
            <Counts counts={counts[exam.id] ?? NO_COUNTS} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Counts({ counts: { running, connected, medium, high } }: { readonly counts: ExamCounts }) {
  if (running === 0) return <span class="small muted">Nobody is sitting it</span>;
  return (
    <span class="row tight small tabular">
      <span>
        {running} running, {connected} connected
      </span>
      {medium > 0 && <span class="badge medium">{medium} medium risk</span>}
      {high > 0 && <span class="badge high">{high} high risk</span>}
    </span>
  );
}

const OPEN_TO: Record<OpenTo, string> = { all: 'open to everybody', enrolled: 'enrolled students only' };

function when({ status, openTo, startsAt, endsAt, durationMinutes }: Exam): string {
  const parts = [status as string, OPEN_TO[openTo]];
  if (startsAt) parts.push(`from ${dateAndTime(startsAt)}`);
  if (endsAt) parts.push(`to ${dateAndTime(endsAt)}`);
  if (durationMinutes) parts.push(`${durationMinutes} min`);
  return parts.join(' · ');
}
