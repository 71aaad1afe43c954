import { useState } from 'preact/hooks';
import type { Account, Role, User } from '../../../protocol/http/accounts.ts';
import type { Api } from '../../shared/api.ts';
import { Problem } from '../../shared/field.tsx';
import { SelectField } from '../../shared/select-field.tsx';
import { useAction } from '../../shared/use-action.ts';
import { isOvertaken } from '../meanwhile.tsx';
import { t } from '../messages.ts';
import { OrganisationField } from '../organisations/organisation-field.tsx';
import type { Organisations } from '../organisations/use-organisations.ts';
import { ROLES } from '../route.ts';
import { rolesGivenBy } from './new-person.tsx';

interface AccessFormProps {
  readonly api: Api;
  readonly person: Account;
  /** Author. */
  readonly user: User;
  readonly organisations: Organisations;
  readonly onSaved: () => Promise<void>;
}

/** Role and organisation. Nothing changes until it is saved: arrow keys alone choose in a select. */
export function AccessForm({ api, person, user, organisations, onSaved }: AccessFormProps) {
  const [chosenRole, setRole] = useState<Role>();
  const [chosenOrganisation, setOrganisation] = useState<string>();
  const [saved, setSaved] = useState('');
  const { busy, error, run } = useAction();
  const role = chosenRole ?? person.role;
  const organisationId = chosenOrganisation ?? person.organisationId;
  const changes = {
    ...(role !== person.role && { role }),
    ...(organisationId !== person.organisationId && { organisationId }),
  };
  const changed = Object.keys(changes).length > 0;
  const given = rolesGivenBy(user.role);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    void run(async () => {
      setSaved('');
      try {
        await api.patch(`/api/users/${person.id}`, { ...changes, baseRevision: person.revision });
      } catch (fault) {
        // What is stored now is shown; the choice stays.
        if (isOvertaken(fault)) await onSaved();
        throw fault;
      }
      await onSaved();
      setRole(undefined);
      setOrganisation(undefined);
      setSaved(t.person.accessSaved(t.person.roles[role]));
    });
  };
  return (
    <form class="stack" onSubmit={submit}>
      <SelectField
        label={t.person.role}
        hint={t.person.roleHints[role]}
        value={role}
        options={ROLES.filter((each) => each === person.role || given.includes(each)).map(
          (each) => [each, t.person.roles[each]] as const,
        )}
        onChange={setRole}
      />
      <OrganisationField organisations={organisations} value={organisationId} onChange={setOrganisation} />
      <div class="row">
        <button disabled={busy || !changed}>{t.person.saveAccess}</button>
        <span class="small" role="status">
          {changed ? t.person.notSaved : saved}
        </span>
      </div>
      <Problem>{error}</Problem>
    </form>
  );
}
