import { useEffect, useState } from 'preact/hooks';
import type { AvailableExam, ExamDetails } from '../../protocol/http/exams.ts';
import type { Api } from '../shared/api.ts';
import { Problem } from '../shared/field.tsx';
import { common } from '../shared/messages/common.ts';
import { PageTitle } from '../shared/page-title.tsx';
import { useAction } from '../shared/use-action.ts';
import { examTimes } from './exam-times.ts';
import { t } from './messages.ts';
import { Terms } from './terms.tsx';

interface ConsentProps {
  readonly api: Api;
  readonly exam: AvailableExam;
  readonly onBack: () => void;
  readonly onAgree: () => void;
}

/** Asks for consent to the recording. The camera is requested only on the next page. */
export function Consent({ api, exam, onBack, onAgree }: ConsentProps) {
  const [details, setDetails] = useState<ExamDetails>();
  const [agreed, setAgreed] = useState(false);
  const { busy, error, run } = useAction();
  const load = () => void run(async () => setDetails(await api.get<ExamDetails>(`/api/exams/${exam.id}/details`)));
  useEffect(load, [api, exam.id]);
  return (
    <section class="middle stack">
      <PageTitle>{exam.title}</PageTitle>
      <p class="muted">{examTimes(details ?? exam)}</p>
      {busy && <p class="muted">{common.loading}</p>}
      <Problem>{error}</Problem>
      {error && (
        <div>
          <button onClick={load}>{common.retry}</button>
        </div>
      )}
      {details && (
        <>
          <Terms details={details} />
          <label class="check">
            <input type="checkbox" checked={agreed} onChange={(event) => setAgreed(event.currentTarget.checked)} />
            <span>{t.terms.agree}</span>
          </label>
        </>
      )}
      <div class="row">
        <button class="primary" disabled={!details || !agreed} onClick={onAgree}>
          {exam.checkIn ? t.checkIn.terms.continue : t.terms.continue}
        </button>
        <button onClick={onBack}>{common.back}</button>
      </div>
    </section>
  );
}
