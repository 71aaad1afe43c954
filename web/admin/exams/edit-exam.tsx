import { useState } from 'preact/hooks';
import type { Exam } from '../../../protocol/http/exams.ts';
import type { Api } from '../../shared/api.ts';
import { Problem } from '../../shared/field.tsx';
import { hrefOf } from '../route.ts';
import { bodyOf, draftOf } from './exam-draft.ts';
import { ExamForm } from './exam-form.tsx';
import { type PolicyChoice, policyChange } from './policy-choice.ts';
import { PolicyField } from './policy-field.tsx';
import { usePolicyProfiles } from './use-policy-profiles.ts';

interface EditExamProps {
  readonly api: Api;
  readonly exam: Exam;
  readonly onSaved: () => Promise<void>;
}

/** Edits an exam and chooses its policy profile. */
export function EditExam({ api, exam, onSaved }: EditExamProps) {
  const profiles = usePolicyProfiles(api, exam.organisationId);
  const [policy, setPolicy] = useState<PolicyChoice>('keep');
  return (
    <ExamForm
      start={draftOf(exam)}
      status={exam.status}
      cancelTo={hrefOf({ page: 'exam', exam: exam.id, tab: 'overview' })}
      save={async (draft) => {
        await api.put(`/api/exams/${exam.id}`, { ...bodyOf(draft, exam), ...policyChange(policy) });
        await onSaved();
      }}
    >
      <PolicyField profiles={profiles.value ?? []} exam={exam} value={policy} onChange={setPolicy} />
      <Problem>{profiles.error}</Problem>
    </ExamForm>
  );
}
