import { useState } from 'preact/hooks';
import type { Role, User } from '../../../protocol/http/accounts.ts';
import type { Api } from '../../shared/api.ts';
import { DroppedNote } from '../../shared/dropped-note.tsx';
import { Problem } from '../../shared/field.tsx';
import { common } from '../../shared/messages/common.ts';
import { number } from '../../shared/messages/numbers.ts';
import { MoreButton } from '../../shared/more-button.tsx';
import { PageTitle } from '../../shared/page-title.tsx';
import { readPages } from '../../shared/read-pages.ts';
import { SearchField } from '../../shared/search-field.tsx';
import { SelectField } from '../../shared/select-field.tsx';
import { useAction } from '../../shared/use-action.ts';
import { usePages } from '../../shared/use-pages.ts';
import { t } from '../messages.ts';
import { OrganisationField } from '../organisations/organisation-field.tsx';
import type { Organisations } from '../organisations/use-organisations.ts';
import { hrefOf, IMPORT, PERSON_STATES, type PersonState, ROLES, type Route } from '../route.ts';
import { go } from '../use-route.ts';
import { BulkBar } from './bulk-bar.tsx';
import { isSelectable, useSelection } from './use-selection.ts';

/** Pages of 200 that a search selects at most. */
const MOST_PAGES = 50;

interface PeopleListProps {
  readonly api: Api;
  readonly route: Extract<Route, { page: 'people' }>;
  /** Author. */
  readonly user: User;
  readonly organisations: Organisations;
}

/** Accounts by role, name, address or number. */
export function PeopleList({ api, route, user, organisations }: PeopleListProps) {
  const { q, role, organisation, state } = route;
  const filter = new URLSearchParams({
    ...(q && { q }),
    ...(role && { role }),
    ...(organisation && { organisation }),
    ...(state && { disabled: String(state === 'disabled') }),
  }).toString();
  const pages = usePages<User>(
    (cursor) => api.get(`/api/users?limit=50&${filter}${cursor === undefined ? '' : `&cursor=${cursor}`}`),
    [api, filter],
  );
  const people = pages.items ?? [];
  const selection = useSelection([filter]);
  const [isCut, setCut] = useState(false);
  const found = useAction();
  const selectFound = () =>
    found.run(async () => {
      const all = await readPages<User>(api, `/api/users?${filter}`, MOST_PAGES);
      selection.set(all, true);
      setCut(all.length === MOST_PAGES * 200);
    });
  const changed = () => {
    selection.clear();
    pages.reload();
  };
  const shown = people.filter(isSelectable);
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
        <SelectField<PersonState>
          label={t.person.state}
          value={state}
          options={PERSON_STATES.map((each) => [each, each === '' ? t.all : t.person.stateFilter[each]] as const)}
          onChange={(chosen) => go({ ...route, state: chosen })}
        />
        <OrganisationField
          organisations={organisations}
          value={organisation}
          onChange={(chosen) => go({ ...route, organisation: chosen })}
          withAll
        />
      </div>
      <DroppedNote understood={{ q, role, state, organisation }} />
      <Problem>{pages.problem ?? found.error}</Problem>
      {!pages.items && pages.busy && <p class="muted">{common.loading}</p>}
      {pages.items && people.length === 0 && <p class="card muted">{t.person.none}</p>}
      {selection.people.length > 0 && <BulkBar api={api} selection={selection} self={user.id} onChanged={changed} />}
      {isCut && selection.people.length > 0 && (
        <p class="note warn">{t.bulk.firstOnly(number(selection.people.length))}</p>
      )}
      {shown.length > 0 && pages.more && (
        <p>
          <button class="small" disabled={found.busy} onClick={() => void selectFound()}>
            {t.bulk.selectFound}
          </button>
        </p>
      )}
      {people.length > 0 && (
        <div class="scroll" tabIndex={0} role="region" aria-label={t.person.title}>
          <table class="card list">
            <thead>
              <tr>
                <td class="pick">
                  <input
                    type="checkbox"
                    aria-label={t.bulk.selectShown}
                    disabled={shown.length === 0}
                    checked={shown.length > 0 && shown.every(selection.has)}
                    onChange={({ currentTarget }) => selection.set(shown, currentTarget.checked)}
                  />
                </td>
                <th scope="col">{t.students.name}</th>
                <th scope="col">{t.person.role}</th>
                <th scope="col">{t.person.number}</th>
                <th scope="col">{t.person.state}</th>
              </tr>
            </thead>
            <tbody>
              {people.map((person) => (
                <tr key={person.id}>
                  <td class="pick">
                    <input
                      type="checkbox"
                      aria-label={t.bulk.selectOne(person.name || person.email)}
                      disabled={!isSelectable(person)}
                      checked={selection.has(person)}
                      onChange={() => selection.toggle(person)}
                    />
                  </td>
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
