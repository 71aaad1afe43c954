import { useEffect } from 'preact/hooks';
import type { User } from '../../../protocol/http/accounts.ts';
import type { Exam } from '../../../protocol/http/exams.ts';
import type { Api } from '../../shared/api.ts';
import { Problem } from '../../shared/field.tsx';
import { SelectField } from '../../shared/select-field.tsx';
import { useLoaded } from '../../shared/use-loaded.ts';
import { t } from '../messages.ts';
import { OrganisationField } from '../organisations/organisation-field.tsx';
import type { Organisations } from '../organisations/use-organisations.ts';
import { rolesGivenBy } from '../people/new-person.tsx';
import type { ImportTerms } from './import-form.ts';

interface TermsFieldsProps {
  readonly api: Api;
  readonly user: User;
  readonly organisations: Organisations;
  readonly terms: ImportTerms;
  readonly onChange: (terms: ImportTerms) => void;
}

/** Newest exams that are offered; others are chosen on their own page, or named in the file. */
const OFFERED = 200;

/** Values for rows that do not state them: role, exam, organisation. */
export function TermsFields({ api, user, organisations, terms, onChange }: TermsFieldsProps) {
  const { kind, exam: chosen } = terms;
  const examOf = kind === 'oneroster' ? t.imports.examOf.oneroster : t.imports.examOf.enrolments;
  const asked = kind !== 'people';
  const { value: exams = [], error } = useLoaded(async () => {
    if (!asked) return [];
    const { items } = await api.get<{ items: Exam[] }>(`/api/exams?limit=${OFFERED}`);
    if (chosen && !items.some(({ id }) => id === chosen)) items.unshift(await api.get<Exam>(`/api/exams/${chosen}`));
    return items.filter(({ id, status }) => status !== 'archived' || id === chosen);
  }, [api, asked]);
  const offered = exams.filter(({ organisationId }) => organisationId === terms.organisation);
  // The exam of a link can belong to another organisation than the person.
  const linked = exams.find(({ id }) => id === chosen);
  const organisation = linked?.organisationId ?? terms.organisation;
  useEffect(() => {
    if (organisation !== terms.organisation) onChange({ ...terms, organisation });
  }, [organisation]);
  return (
    <div class="two">
      {kind !== 'enrolments' && (
        <SelectField
          label={t.imports.role}
          hint={t.imports.roleHint}
          value={terms.role}
          options={rolesGivenBy(user.role).map((each) => [each, t.person.roles[each]] as const)}
          onChange={(role) => onChange({ ...terms, role })}
        />
      )}
      {asked && (
        <SelectField
          label={t.imports.exam}
          hint={examOf.hint}
          value={chosen}
          options={[['', examOf.none], ...offered.map(({ id, title }) => [id, title] as const)]}
          onChange={(exam) => onChange({ ...terms, exam })}
        />
      )}
      <OrganisationField
        organisations={organisations}
        value={terms.organisation}
        onChange={(chosenOne) => onChange({ ...terms, organisation: chosenOne, exam: '' })}
      />
      <Problem>{error}</Problem>
    </div>
  );
}
