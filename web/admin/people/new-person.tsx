import { useState } from 'preact/hooks';
import type { Role, User } from '../../../protocol/http/accounts.ts';
import type { Api } from '../../shared/api.ts';
import { Field, formValues, Problem } from '../../shared/field.tsx';
import { common } from '../../shared/messages/common.ts';
import { PageTitle } from '../../shared/page-title.tsx';
import { SelectField } from '../../shared/select-field.tsx';
import { useAction } from '../../shared/use-action.ts';
import { t } from '../messages.ts';
import { OrganisationField } from '../organisations/organisation-field.tsx';
import type { Organisations } from '../organisations/use-organisations.ts';
import { hrefOf, PEOPLE, ROLES } from '../route.ts';
import { go } from '../use-route.ts';

interface NewPersonProps {
  readonly api: Api;
  /** Author: managers give fewer roles than admins. */
  readonly user: User;
  readonly organisations: Organisations;
}

/** Roles that a person may give; the server has the last word. */
export const rolesGivenBy = (role: Role): readonly Role[] =>
  role === 'admin' ? ROLES : ROLES.filter((each) => each !== 'manager' && each !== 'admin');

/** Creates an account without a password; its owner sets one with the link of an invitation. */
export function NewPerson({ api, user, organisations }: NewPersonProps) {
  const [organisationId, setOrganisationId] = useState(user.organisationId);
  const [given, setGiven] = useState<Role>('student');
  const { busy, error, run } = useAction();
  const submit = (event: SubmitEvent) => {
    const { name, email, studentNumber } = formValues(event);
    void run(async () => {
      const person = await api.post<User>('/api/users', {
        email,
        role: given,
        organisationId,
        ...(name && { name }),
        ...(studentNumber && { studentNumber }),
      });
      go({ page: 'person', person: person.id }, { replace: true });
    });
  };
  return (
    <>
      <PageTitle>{t.person.make}</PageTitle>
      <form class="card stack form" onSubmit={submit}>
        <Field label={t.students.name} name="name" maxLength={200} autocomplete="off" />
        <Field label={t.person.email} name="email" type="email" required maxLength={254} autocomplete="off" />
        <SelectField
          label={t.person.role}
          hint={t.person.roleHints[given]}
          value={given}
          options={rolesGivenBy(user.role).map((each) => [each, t.person.roles[each]] as const)}
          onChange={setGiven}
        />
        <OrganisationField organisations={organisations} value={organisationId} onChange={setOrganisationId} />
        {given === 'student' && (
          <Field
            label={t.person.number}
            hint={t.person.optional}
            name="studentNumber"
            maxLength={60}
            autocomplete="off"
          />
        )}
        <p class="small muted">{t.person.inviteNext}</p>
        <Problem>{error}</Problem>
        <div class="row">
          <button class="primary" disabled={busy}>
            {t.person.create}
          </button>
          <a class="button" href={hrefOf(PEOPLE)}>
            {common.cancel}
          </a>
        </div>
      </form>
    </>
  );
}
