import { useState } from 'preact/hooks';
import type { User } from '../../../protocol/http/accounts.ts';
import type { Exam, ExamDefaults } from '../../../protocol/http/exams.ts';
import type { Api } from '../../shared/api.ts';
import { Problem } from '../../shared/field.tsx';
import { common } from '../../shared/messages/common.ts';
import { PageTitle } from '../../shared/page-title.tsx';
import { useLoaded } from '../../shared/use-loaded.ts';
import { browserZone } from '../../shared/zone-format.ts';
import { t } from '../messages.ts';
import { OrganisationField } from '../organisations/organisation-field.tsx';
import type { Organisations } from '../organisations/use-organisations.ts';
import { EXAMS, hrefOf } from '../route.ts';
import { go } from '../use-route.ts';
import { bodyOf, draftOf, newDraft } from './exam-draft.ts';
import { ExamForm } from './exam-form.tsx';
import { type PolicyChoice, policyOfNew } from './policy-choice.ts';
import { PolicyField } from './policy-field.tsx';
import { readPolicyProfiles, usePolicyProfiles } from './use-policy-profiles.ts';
import { NO_TIME } from '../../shared/zoned/zoned-value.ts';

interface ExamFormPageProps {
  readonly api: Api;
  /** Id of the exam to clone. */
  readonly cloned: string | undefined;
  readonly user: User;
  readonly organisations: Organisations;
}

/** Makes an exam, empty or like another one. */
export function ExamFormPage({ api, cloned, user, organisations }: ExamFormPageProps) {
  const [chosen, setChosen] = useState<string>();
  const { value, error } = useLoaded(async () => {
    if (cloned === undefined) {
      const defaults = await api.get<ExamDefaults>('/api/exams/defaults');
      return { draft: newDraft(defaults, browserZone()), exam: undefined };
    }
    const exam = await api.get<Exam>(`/api/exams/${cloned}`);
    // The times of the other exam are over, or taken.
    return { draft: { ...draftOf(exam), title: t.form.copyOf(exam.title), startsAt: NO_TIME, endsAt: NO_TIME }, exam };
  }, [api, cloned]);
  const organisationId = chosen ?? value?.exam?.organisationId ?? user.organisationId;
  const profiles = usePolicyProfiles(api, organisationId);
  const [choice, setChoice] = useState<PolicyChoice>('keep');
  return (
    <>
      <PageTitle>{cloned ? t.form.cloneTitle : t.form.newTitle}</PageTitle>
      <Problem>{error}</Problem>
      {!value && !error && <p class="muted">{common.loading}</p>}
      {value?.exam && <p class="note">{t.form.cloneNote(value.exam.title)}</p>}
      {value && (
        <ExamForm
          start={value.draft}
          cancelTo={value.exam ? hrefOf({ page: 'exam', exam: value.exam.id, tab: 'overview' }) : hrefOf(EXAMS)}
          save={async (draft, status) => {
            // Read again: profiles can be archived meanwhile, and those of another organisation may still be listed.
            const policy = policyOfNew(choice, value.exam, await readPolicyProfiles(api, organisationId));
            const { id } = await api.post<Exam>('/api/exams', { ...bodyOf(draft), ...policy, organisationId, status });
            // In place of the form, which the back button would offer again.
            go({ page: 'exam', exam: id, tab: 'overview' }, { replace: true });
          }}
        >
          <OrganisationField
            organisations={organisations}
            value={organisationId}
            onChange={(id) => {
              setChosen(id);
              setChoice('keep');
            }}
          />
          <PolicyField profiles={profiles.value ?? []} exam={value.exam} value={choice} onChange={setChoice} />
          <Problem>{profiles.error}</Problem>
        </ExamForm>
      )}
    </>
  );
}
