import { useState } from 'preact/hooks';
import type { Exam } from '../../../protocol/http/exams.ts';
import type { Api } from '../../shared/api.ts';
import { Problem } from '../../shared/field.tsx';
import { isOvertaken, Meanwhile } from '../meanwhile.tsx';
import { hrefOf } from '../route.ts';
import { bodyOf, draftOf } from './exam-draft.ts';
import { examInWords } from './exam-in-words.ts';
import { ExamForm } from './exam-form.tsx';
import { type PolicyChoice, policyChange } from './policy-choice.ts';
import { PolicyField } from './policy-field.tsx';
import { usePolicyProfiles } from './use-policy-profiles.ts';

interface EditExamProps {
  readonly api: Api;
  readonly exam: Exam;
  readonly onSaved: () => Promise<void>;
  /** Somebody else has changed it: read it again. */
  readonly onStale: () => Promise<void>;
}

/** Edits an exam and chooses its policy profile. */
export function EditExam({ api, exam, onSaved, onStale }: EditExamProps) {
  const profiles = usePolicyProfiles(api, exam.organisationId);
  const [policy, setPolicy] = useState<PolicyChoice>('keep');
  /** As it was edited before somebody else changed it. */
  const [before, setBefore] = useState<Exam>();
  return (
    <ExamForm
      start={draftOf(exam)}
      status={exam.status}
      cancelTo={hrefOf({ page: 'exam', exam: exam.id, tab: 'overview' })}
      save={async (draft) => {
        const body = { ...bodyOf(draft, exam), ...policyChange(policy), baseRevision: exam.revision };
        try {
          await api.put(`/api/exams/${exam.id}`, body);
        } catch (fault) {
          if (!isOvertaken(fault)) throw fault;
          await onStale();
          setBefore(exam);
          return;
        }
        await onSaved();
      }}
    >
      <PolicyField profiles={profiles.value ?? []} exam={exam} value={policy} onChange={setPolicy} />
      <Problem>{profiles.error}</Problem>
      {before && <Meanwhile before={examInWords(before)} now={examInWords(exam)} />}
    </ExamForm>
  );
}
