import { useState } from 'preact/hooks';
import type { Account, User } from '../../../protocol/http/accounts.ts';
import type { Api } from '../../shared/api.ts';
import { at } from '../../shared/base-path.ts';
import { Field, formValues, Problem } from '../../shared/field.tsx';
import { common } from '../../shared/messages/common.ts';
import { PageTitle } from '../../shared/page-title.tsx';
import { dateAndTime } from '../../shared/time-format.ts';
import { useAction } from '../../shared/use-action.ts';
import { useLoaded } from '../../shared/use-loaded.ts';
import { NO_AUDIT_FILTER } from '../audit/audit-filter.ts';
import { type Fact, isOvertaken, Meanwhile } from '../meanwhile.tsx';
import { t } from '../messages.ts';
import type { Organisations } from '../organisations/use-organisations.ts';
import { hrefOf, PEOPLE } from '../route.ts';
import { AccessForm } from './access-form.tsx';
import { BulkDialog } from './bulk-dialog.tsx';
import { LoginLink } from './login-link.tsx';
import { stateOf } from './people-list.tsx';

interface PersonPageProps {
  readonly api: Api;
  readonly id: string;
  /** Author. */
  readonly user: User;
  readonly organisations: Organisations;
}

/** One account: edit, invite, reset, disable. */
export function PersonPage({ api, id, user, organisations }: PersonPageProps) {
  const { value: person, error, reload } = useLoaded(() => api.get<Account>(`/api/users/${id}`), [api, id]);
  const [saved, setSaved] = useState(false);
  /** As it was edited before somebody else changed it. */
  const [before, setBefore] = useState<Account>();
  const [isAnonymising, setAnonymising] = useState(false);
  const action = useAction();
  const access = useAction();
  if (!person) return error ? <Problem>{error}</Problem> : <p class="muted">{common.loading}</p>;
  const change = (body: object) =>
    action.run(async () => {
      setSaved(false);
      setBefore(undefined);
      try {
        if (Object.keys(body).length > 0)
          await api.patch(`/api/users/${id}`, { ...body, baseRevision: person.revision });
      } catch (fault) {
        if (!isOvertaken(fault)) throw fault;
        // Inputs that nobody typed in follow by themselves.
        await reload();
        setBefore(person);
        return;
      }
      await reload();
      setSaved(true);
    });
  const submit = (event: SubmitEvent) => {
    const { name, email, studentNumber } = formValues(event);
    void change({
      ...(name && name !== person.name && { name }),
      ...(email !== person.email && { email }),
      ...(studentNumber !== undefined &&
        studentNumber !== (person.studentNumber ?? '') && { studentNumber: studentNumber || null }),
    });
  };
  return (
    <>
      <div class="stack tight">
        <nav class="small" aria-label={t.exams.place}>
          <a href={hrefOf(PEOPLE)}>{t.person.title}</a>
        </nav>
        <div class="row">
          <PageTitle>{person.name || person.email}</PageTitle>
          <span class="badge">{stateOf(person)}</span>
        </div>
        <p class="row small">
          {person.role === 'student' && (
            <a href={at(`/console#/sessions?q=${encodeURIComponent(person.email)}&reviewed=any`)}>
              {t.person.sessions}
            </a>
          )}
          <a href={hrefOf({ page: 'audit', filter: { ...NO_AUDIT_FILTER, person: person.id } })}>{t.person.audit}</a>
        </p>
      </div>
      {/* Made anew for an anonymised account: fields keep what was typed. */}
      <form key={person.anonymisedAt} class="card stack form" onSubmit={submit}>
        <Field
          label={t.students.name}
          name="name"
          required
          maxLength={200}
          autocomplete="off"
          defaultValue={person.name}
        />
        <Field
          label={t.person.email}
          hint={t.person.emailHint}
          name="email"
          type="email"
          required
          maxLength={254}
          autocomplete="off"
          defaultValue={person.email}
        />
        {person.role === 'student' && (
          <Field
            label={t.person.number}
            hint={t.person.optional}
            name="studentNumber"
            maxLength={60}
            autocomplete="off"
            defaultValue={person.studentNumber ?? ''}
          />
        )}
        {before && <Meanwhile before={factsOf(before)} now={factsOf(person)} />}
        <Problem>{error ?? action.error}</Problem>
        <p class="small" role="status">
          {saved && t.person.saved}
        </p>
        <p>
          <button class="primary" disabled={action.busy || person.anonymisedAt !== null}>
            {t.form.save}
          </button>
        </p>
      </form>
      {person.formerNames && (
        <section class="card stack tight" aria-labelledby="former-names">
          <h2 id="former-names">{t.person.formerNames}</h2>
          <ul class="plain small">
            {person.formerNames.map(({ name, until, by }) => (
              <li key={until}>{t.person.formerName(name || '–', dateAndTime(until), by.name)}</li>
            ))}
          </ul>
        </section>
      )}
      {!person.anonymisedAt && (
        <>
          <LoginLink api={api} person={person} />
          <section class="card stack form" aria-labelledby="access">
            <h2 id="access">{t.person.access}</h2>
            <AccessForm api={api} person={person} user={user} organisations={organisations} onSaved={reload} />
            <p class="small muted">{person.disabledAt ? t.person.enableEffect : t.person.disableEffect}</p>
            <p>
              <button
                class={person.disabledAt ? '' : 'danger'}
                disabled={access.busy}
                onClick={() =>
                  void access.run(async () => {
                    await api.patch(`/api/users/${id}`, {
                      disabled: person.disabledAt === null,
                      baseRevision: person.revision,
                    });
                    await reload();
                  })
                }
              >
                {person.disabledAt ? t.person.enable : t.person.disable}
              </button>
            </p>
            <Problem>{access.error}</Problem>
            {person.id !== user.id && (
              <>
                <p class="small muted">{t.bulk.acts.anonymise.effectOne}</p>
                <p>
                  <button class="danger" aria-haspopup="dialog" onClick={() => setAnonymising(true)}>
                    {t.bulk.anonymiseOne}
                  </button>
                </p>
              </>
            )}
          </section>
        </>
      )}
      {isAnonymising && (
        <BulkDialog
          api={api}
          act="anonymise"
          people={[person]}
          self={user.id}
          onClose={(changed) => {
            setAnonymising(false);
            if (changed) void reload();
          }}
        />
      )}
    </>
  );
}

const factsOf = (person: Account): Fact[] => [
  [t.students.name, person.name],
  [t.person.email, person.email],
  [t.person.number, person.studentNumber ?? ''],
  [t.person.role, t.person.roles[person.role]],
  [t.person.state, stateOf(person)],
];
