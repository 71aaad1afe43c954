import { useState } from 'preact/hooks';
import type { User } from '../../../protocol/http/accounts.ts';
import type { Organisation } from '../../../protocol/http/organisations.ts';
import type { Api } from '../../shared/api.ts';
import { Dialog } from '../../shared/dialog.tsx';
import { Field, formValues, Problem } from '../../shared/field.tsx';
import { common } from '../../shared/messages/common.ts';
import { PageTitle } from '../../shared/page-title.tsx';
import { dateAndTime } from '../../shared/time-format.ts';
import { useAction } from '../../shared/use-action.ts';
import { t } from '../messages.ts';
import { hrefOf, PEOPLE } from '../route.ts';
import type { NamedOrganisation, Organisations } from './use-organisations.ts';

interface OrganisationsPageProps {
  readonly api: Api;
  readonly user: User;
  readonly organisations: Organisations;
}

/** Organisations of the installation: add and rename. */
export function OrganisationsPage({ api, user, organisations }: OrganisationsPageProps) {
  const [renamed, setRenamed] = useState<NamedOrganisation>();
  const [done, setDone] = useState('');
  const { busy, error, run } = useAction();
  const add = (event: SubmitEvent) => {
    const form = event.currentTarget as HTMLFormElement;
    const { name } = formValues(event);
    void run(async () => {
      const made = await api.post<Organisation>('/api/organisations', { name });
      form.reset();
      setDone(t.organisations.added(made.name));
      await organisations.reload();
    });
  };
  return (
    <>
      <PageTitle>{t.organisations.title}</PageTitle>
      <p class="muted">{t.organisations.about}</p>
      <Problem>{organisations.problem}</Problem>
      <div class="scroll" tabIndex={0} role="region" aria-label={t.organisations.title}>
        <table class="card list">
          <thead>
            <tr>
              <th scope="col">{t.organisations.name}</th>
              <th scope="col">{t.organisations.created}</th>
              <th scope="col">
                <span class="unseen">{t.actions}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {organisations.all.map((one) => (
              <tr key={one.id}>
                <th scope="row">
                  <a
                    href={hrefOf({ ...PEOPLE, organisation: one.id })}
                    aria-label={t.organisations.peopleOf(one.label)}
                  >
                    {one.label}
                  </a>
                  {one.id === user.organisationId && <span class="small muted">{t.organisations.own}</span>}
                </th>
                <td>{dateAndTime(one.createdAt)}</td>
                <td class="acts">
                  <button
                    class="small"
                    aria-haspopup="dialog"
                    aria-label={t.organisations.renameOne(one.label)}
                    onClick={() => setRenamed(one)}
                  >
                    {t.organisations.rename}
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <form class="card stack form" aria-labelledby="add" onSubmit={add}>
        <h2 id="add">{t.organisations.add}</h2>
        <p class="small muted">{t.organisations.addHint}</p>
        <Field label={t.organisations.newName} name="name" required maxLength={200} autocomplete="off" />
        <Problem>{error}</Problem>
        <p class="small" role="status">
          {done}
        </p>
        <p>
          <button class="primary" disabled={busy}>
            {t.organisations.add}
          </button>
        </p>
      </form>
      {renamed && (
        <RenameDialog
          api={api}
          organisation={renamed}
          onDone={() => {
            setRenamed(undefined);
            void organisations.reload();
          }}
          onClose={() => setRenamed(undefined)}
        />
      )}
    </>
  );
}

interface RenameDialogProps {
  readonly api: Api;
  readonly organisation: NamedOrganisation;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

function RenameDialog({ api, organisation, onDone, onClose }: RenameDialogProps) {
  const { busy, error, run } = useAction();
  const submit = (event: SubmitEvent) => {
    const { name } = formValues(event);
    void run(async () => {
      await api.patch(`/api/organisations/${organisation.id}`, { name });
      onDone();
    });
  };
  return (
    <Dialog title={t.organisations.renameOne(organisation.label)} onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        <Field
          label={t.organisations.name}
          name="name"
          required
          maxLength={200}
          autocomplete="off"
          defaultValue={organisation.name}
        />
        <Problem>{error}</Problem>
        <div class="row">
          <button class="primary" disabled={busy}>
            {t.organisations.rename}
          </button>
          <button type="button" onClick={onClose}>
            {common.cancel}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
