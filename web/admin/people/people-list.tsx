import type { Role, User } from '../../../protocol/http/accounts.ts';
import type { Api } from '../../shared/api.ts';
import { Problem } from '../../shared/field.tsx';
import { common } from '../../shared/messages/common.ts';
import { MoreButton } from '../../shared/more-button.tsx';
import { PageTitle } from '../../shared/page-title.tsx';
import { SearchField } from '../../shared/search-field.tsx';
import { SelectField } from '../../shared/select-field.tsx';
import { usePages } from '../../shared/use-pages.ts';
import { t } from '../messages.ts';
import { OrganisationField } from '../organisations/organisation-field.tsx';
import type { Organisations } from '../organisations/use-organisations.ts';
import { hrefOf, IMPORT, ROLES, type Route } from '../route.ts';
import { go } from '../use-route.ts';

interface PeopleListProps {
  readonly api: Api;
  readonly route: Extract<Route, { page: 'people' }>;
  readonly organisations: Organisations;
}

/** Accounts by role, name, address or number. */
export function PeopleList({ api, route, organisations }: PeopleListProps) {
  const { q, role, organisation } = route;
  const pages = usePages<User>(
    (cursor) => {
      const query = new URLSearchParams({
        limit: '50',
        ...(q && { q }),
        ...(role && { role }),
        ...(organisation && { organisation }),
        ...(cursor && { cursor }),
      });
      return api.get(`/api/users?${query.toString()}`);
    },
    [api, q, role, organisation],
  );
  const people = pages.items ?? [];
  return (
    <>
      <div class="row between">
        <PageTitle>{t.person.title}</PageTitle>
        <p class="row">
          <a class="button" href={hrefOf(IMPORT)}>
            {t.imports.link}
          </a>
          <a class="button primary" href={hrefOf({ page: 'newPerson' })}>
            {t.person.make}
          </a>
        </p>
      </div>
      <div class="row filters">
        <SearchField
          label={t.person.search}
          value={q}
          onSearch={(text) => go({ ...route, q: text }, { replace: true })}
        />
        <SelectField<Role | ''>
          label={t.person.role}
          value={role}
          options={[['', t.all], ...ROLES.map((each) => [each, t.person.roles[each]] as const)]}
          onChange={(chosen) => go({ ...route, role: chosen })}
        />
        <OrganisationField
          organisations={organisations}
          value={organisation}
          onChange={(chosen) => go({ ...route, organisation: chosen })}
          withAll
        />
      </div>
      <Problem>{pages.problem}</Problem>
      {!pages.items && pages.busy && <p class="muted">{common.loading}</p>}
      {pages.items && people.length === 0 && <p class="card muted">{t.person.none}</p>}
      {people.length > 0 && (
        <div class="scroll" tabIndex={0} role="region" aria-label={t.person.title}>
          <table class="card list">
            <thead>
              <tr>
                <th scope="col">{t.students.name}</th>
                <th scope="col">{t.person.role}</th>
                <th scope="col">{t.person.number}</th>
                <th scope="col">{t.person.state}</th>
              </tr>
            </thead>
            <tbody>
              {people.map((person) => (
                <tr key={person.id}>
                  <th scope="row">
                    <a href={hrefOf({ page: 'person', person: person.id })}>{person.name || person.email}</a>{' '}
                    <span class="small muted">{person.email}</span>
                  </th>
                  <td>{t.person.roles[person.role]}</td>
                  <td>{person.studentNumber ?? '–'}</td>
                  <td>{stateOf(person)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <MoreButton pages={pages} label={t.showMore} />
    </>
  );
}

export function stateOf({ anonymisedAt, disabledAt, passwordSet }: User): string {
  if (anonymisedAt) return t.person.states.anonymised;
  if (disabledAt) return t.person.states.disabled;
  return passwordSet ? t.person.states.enabled : t.person.states.invited;
}
