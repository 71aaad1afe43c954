import { useEffect, useState } from 'preact/hooks';
import type { AvailableExam, ExamDetails } from '../../protocol/http/exams.ts';
import type { Api } from '../shared/api.ts';
import { Problem } from '../shared/field.tsx';
import { PageTitle } from '../shared/page-title.tsx';
import { useAction } from '../shared/use-action.ts';
import { examTimes } from './exam-times.ts';
import { Terms } from './terms.tsx';

interface NoticeProps {
  readonly api: Api;
  readonly exam: AvailableExam;
  readonly onBack: () => void;
  readonly onAgree: () => void;
}

/** Says what will be recorded before anything is: no camera is asked for on this page. */
export function Notice({ api, exam, onBack, onAgree }: NoticeProps) {
  const [details, setDetails] = useState<ExamDetails>();
  const [agreed, setAgreed] = useState(false);
  const { busy, error, run } = useAction();
  const load = () => void run(async () => setDetails(await api.get<ExamDetails>(`/api/exams/${exam.id}/details`)));
  useEffect(load, [api, exam.id]);
  return (
    <section class="middle stack">
      <PageTitle>{exam.title}</PageTitle>
      <p class="muted">{examTimes(details ?? exam)}</p>
      {busy && <p class="muted">Loading …</p>}
      <Problem>{error}</Problem>
      {error && (
        <div>
          <button onClick={load}>Try again</button>
        </div>
      )}
      {details && (
        <>
          <Terms details={details} />
          <label class="check">
            <input type="checkbox" checked={agreed} onChange={(event) => setAgreed(event.currentTarget.checked)} />
            <span>I have read what is recorded, and agree to it for this exam.</span>
          </label>
        </>
      )}
      <div class="row">
        <button class="primary" disabled={!details || !agreed} onClick={onAgree}>
          Continue to the camera
        </button>
        <button onClick={onBack}>Back</button>
      </div>
    </section>
  );
}
