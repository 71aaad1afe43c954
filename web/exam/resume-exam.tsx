import { useEffect } from 'preact/hooks';
import type { AvailableExam } from '../../protocol/http/exams.ts';
import type { Api } from '../shared/api.ts';
import { Problem } from '../shared/field.tsx';
import { common } from '../shared/messages/common.ts';
import { useAction } from '../shared/use-action.ts';
import { readAvailable } from './available-exams.ts';

interface ResumeExamProps {
  readonly api: Api;
  readonly examId: string;
  readonly onRunning: (exam: AvailableExam, sessionId: string) => void;
  /** A check-in was begun. */
  readonly onCheckIn: (exam: AvailableExam) => void;
  /** The exam is not running. */
  readonly onOther: () => void;
}

/** After a reload: straight back into the exam that was running on this page, or into its check-in. */
export function ResumeExam({ api, examId, onRunning, onCheckIn, onOther }: ResumeExamProps) {
  const { busy, error, run } = useAction();
  const load = () =>
    void run(async () => {
      const exam = (await readAvailable(api)).find(({ id }) => id === examId);
      if (exam?.runningSessionId) onRunning(exam, exam.runningSessionId);
      else if (typeof exam?.checkIn?.state === 'string') onCheckIn(exam);
      else onOther();
    });
  useEffect(load, [api, examId]);
  return (
    <section class="middle stack">
      <Problem>{error}</Problem>
      {busy ? (
        <p class="muted">{common.loading}</p>
      ) : (
        <div>
          <button onClick={load}>{common.retry}</button>
        </div>
      )}
    </section>
  );
}
