import { useEffect, useState } from 'preact/hooks';
import type { Role, User } from '../../../protocol/http/accounts.ts';
import type { Api } from '../../shared/api.ts';
import { Problem } from '../../shared/field.tsx';
import { common } from '../../shared/messages/common.ts';
import { PageTitle } from '../../shared/page-title.tsx';
import { SearchField } from '../../shared/search-field.tsx';
import { SelectField } from '../../shared/select-field.tsx';
import { useAction } from '../../shared/use-action.ts';
import { useLoaded } from '../../shared/use-loaded.ts';
import { t } from '../messages.ts';
import { hrefOf, ROLES, type Route } from '../route.ts';
import { go } from '../use-route.ts';

interface Page {
  readonly items: readonly User[];
  readonly nextCursor: string | null;
}

interface PeopleListProps {
  readonly api: Api;
  readonly route: Extract<Route, { page: 'people' }>;
}

/** Accounts by role, name, address or number. */
export function PeopleList({ api, route }: PeopleListProps) {
  const { q, role } = route;
  const read = (after: string) => {
    const query = new URLSearchParams({ limit: '50', ...(q && { q }), ...(role && { role }) });
    return api.get<Page>(`/api/users?${query.toString()}${after}`);
  };
  const first = useLoaded(() => read(''), [api, q, role]);
  const next = useAction();
  const [more, setMore] = useState<Page>();
  useEffect(() => setMore(undefined), [first.value]);
  const people = [...(first.value?.items ?? []), ...(more?.items ?? [])];
  const cursor = (more ?? first.value)?.nextCursor ?? null;
  const showMore = async () => {
    const page = await read(`&cursor=${cursor ?? ''}`);
    setMore({ items: [...(more?.items ?? []), ...page.items], nextCursor: page.nextCursor });
  };
  return (
    <>
      <div class="row between">
        <PageTitle>{t.person.title}</PageTitle>
        <a class="button primary" href={hrefOf({ page: 'newPerson' })}>
          {t.person.make}
        </a>
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
      </div>
      <Problem>{first.error ?? next.error}</Problem>
      {!first.value && first.busy && <p class="muted">{common.loading}</p>}
      {first.value && people.length === 0 && <p class="card muted">{t.person.none}</p>}
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
      {cursor !== null && (
        <p>
          <button disabled={next.busy} onClick={() => void next.run(showMore)}>
            {t.showMore}
          </button>
        </p>
      )}
    </>
  );
}

export function stateOf({ anonymisedAt, disabledAt, passwordSet }: User): string {
  if (anonymisedAt) return t.person.states.anonymised;
  if (disabledAt) return t.person.states.disabled;
  return passwordSet ? t.person.states.enabled : t.person.states.invited;
}
