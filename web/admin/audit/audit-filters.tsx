import type { User } from '../../../protocol/http/accounts.ts';
import type { Exam } from '../../../protocol/http/exams.ts';
import type { Api } from '../../shared/api.ts';
import { Field } from '../../shared/field.tsx';
import { dateAndTime } from '../../shared/time-format.ts';
import { useLoaded } from '../../shared/use-loaded.ts';
import { t } from '../messages.ts';
import { AUDIT, hrefOf, parseRoute } from '../route.ts';
import { go } from '../use-route.ts';
import type { AuditFilter } from './audit-filter.ts';
import { ChosenFilter } from './chosen-filter.tsx';
import { KindSelect } from './kind-select.tsx';
import { shortId } from './short-id.ts';
import { type Subject, SubjectFilter } from './subject-filter.tsx';

interface AuditFiltersProps {
  readonly api: Api;
  readonly filter: AuditFilter;
  readonly isAdmin: boolean;
}

const FOUND = 6;

/** Filter of the audit log. Its choices are in the address, so that it can be bookmarked. */
export function AuditFilters({ api, filter, isAdmin }: AuditFiltersProps) {
  const set = (change: Partial<AuditFilter>) => {
    // While one choice follows another at once, the address is ahead of what is shown.
    const now = parseRoute(location.hash);
    go({ page: 'audit', filter: { ...(now.page === 'audit' ? now.filter : filter), ...change } });
  };
  const person = useName(filter.person, async (id) => nameOf(await api.get<User>(`/api/users/${id}`)));
  const exam = useName(filter.exam, async (id) => (await api.get<Exam>(`/api/exams/${id}`)).title);
  const findPeople = async (text: string): Promise<readonly Subject[]> => {
    const query = new URLSearchParams({ q: text, limit: String(FOUND) });
    const { items } = await api.get<{ items: User[] }>(`/api/users?${query.toString()}`);
    return items.map((user) => ({ id: user.id, name: nameOf(user), more: user.email }));
  };
  const findExams = async (text: string): Promise<readonly Subject[]> => {
    const query = new URLSearchParams({ q: text, limit: String(FOUND) });
    const { items } = await api.get<{ items: Exam[] }>(`/api/exams?${query.toString()}`);
    return items.map(({ id, title, startsAt }) => ({ id, name: title, more: startsAt ? dateAndTime(startsAt) : '' }));
  };
  return (
    <div class="audit-filters">
      {filter.person ? (
        <ChosenFilter key="person" label={t.audit.person} name={person} onRemove={() => set({ person: '' })} />
      ) : (
        <SubjectFilter
          key="find-person"
          label={t.audit.person}
          hint={t.audit.personHint}
          find={findPeople}
          onChoose={(id) => set({ person: id })}
        />
      )}
      {filter.exam ? (
        <ChosenFilter key="exam" label={t.audit.exam} name={exam} onRemove={() => set({ exam: '' })} />
      ) : (
        <SubjectFilter
          key="find-exam"
          label={t.audit.exam}
          hint={t.audit.examHint}
          find={findExams}
          onChoose={(id) => set({ exam: id, session: '' })}
        />
      )}
      {filter.session && (
        <ChosenFilter
          key="session"
          label={t.audit.session}
          name={shortId(filter.session)}
          onRemove={() => set({ session: '', kind: filter.kind === 'EVENTS_STORED' ? '' : filter.kind })}
        />
      )}
      <KindSelect
        value={filter.kind}
        isAdmin={isAdmin}
        withEvents={filter.session !== ''}
        onChange={(kind) => set({ kind })}
      />
      <Field
        label={t.audit.from}
        type="date"
        value={filter.from}
        max={filter.to || undefined}
        onChange={({ currentTarget }) => set({ from: currentTarget.value })}
      />
      <Field
        label={t.audit.to}
        type="date"
        value={filter.to}
        min={filter.from || undefined}
        onChange={({ currentTarget }) => set({ to: currentTarget.value })}
      />
      {Object.values(filter).some((value) => value !== '') && (
        <a class="button" href={hrefOf(AUDIT)}>
          {t.audit.clear}
        </a>
      )}
    </div>
  );
}

const nameOf = ({ name, email }: User) => name || email;

/** Name of a chosen object; its id while it is loaded, or if it does not exist any more. */
function useName(id: string, load: (id: string) => Promise<string>): string {
  const { value } = useLoaded(async () => (id === '' ? undefined : { id, name: await load(id) }), [id]);
  return value?.id === id ? value.name : shortId(id);
}
