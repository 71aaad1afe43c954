import { useState } from 'preact/hooks';
import type { User } from '../../../protocol/http/accounts.ts';
import type { PolicySetting } from '../../../protocol/policy-settings.ts';
import type { Api } from '../../shared/api.ts';
import { Problem } from '../../shared/field.tsx';
import { common } from '../../shared/messages/common.ts';
import { PageTitle } from '../../shared/page-title.tsx';
import { useLoaded } from '../../shared/use-loaded.ts';
import { t } from '../messages.ts';
import { OrganisationField } from '../organisations/organisation-field.tsx';
import type { Organisations } from '../organisations/use-organisations.ts';
import { hrefOf, type ProfileKind, type Route } from '../route.ts';
import { go } from '../use-route.ts';
import { faultOf, refusalOf } from './profile-faults.ts';
import { ProfileForm } from './profile-form.tsx';
import {
  contentOfProfile,
  fieldOf,
  groupsOf,
  pathOf,
  type Profile,
  readDescriptions,
  settingsIn,
} from './profile-settings.ts';
import { contentOf, draftOf } from './setting.ts';

interface NewProfilePageProps {
  readonly api: Api;
  readonly user: User;
  readonly organisations: Organisations;
  readonly route: Extract<Route, { page: 'newProfile' }>;
}

/** Creates a profile, of defaults or like another one. */
export function NewProfilePage({ api, user, organisations, route: { kind, from } }: NewProfilePageProps) {
  const { value, error } = useLoaded(async () => {
    const [described, copied] = await Promise.all([
      readDescriptions(api, kind),
      from === undefined ? undefined : api.get<Profile>(`${pathOf(kind)}/${from}`),
    ]);
    return { described, copied };
  }, [api, kind, from]);
  return (
    <>
      <PageTitle>{t.profiles.newTitle[kind]}</PageTitle>
      <p class="muted">{t.profiles.about[kind]}</p>
      <Problem>{error}</Problem>
      {!value && !error && <p class="muted">{common.loading}</p>}
      {value && <NewProfile api={api} user={user} organisations={organisations} kind={kind} {...value} />}
    </>
  );
}

interface NewProfileProps extends Omit<NewProfilePageProps, 'route'> {
  readonly kind: ProfileKind;
  readonly described: readonly PolicySetting[];
  readonly copied: Profile | undefined;
}

function NewProfile({ api, user, organisations, kind, described, copied }: NewProfileProps) {
  const before = copied ? contentOfProfile(copied) : {};
  const groups = groupsOf(kind, described, before);
  const settings = settingsIn(groups);
  const [name, setName] = useState(copied ? t.form.copyOf(copied.name) : '');
  const [draft, setDraft] = useState(() => draftOf(settings, before));
  const [organisationId, setOrganisation] = useState(copied?.organisationId ?? user.organisationId);
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const content = contentOf(settings, draft, before);
      const body = { name: name.trim(), organisationId, [fieldOf(kind)]: content };
      const { id } = await api.post<Profile>(pathOf(kind), body);
      go({ page: 'profile', kind, profile: id, tab: 'settings' }, { replace: true });
    } catch (fault) {
      setError(refusalOf(fault, settings, fieldOf(kind)));
    } finally {
      setBusy(false);
    }
  };
  return (
    <ProfileForm
      groups={groups}
      name={name}
      draft={draft}
      fault={faultOf(draft)}
      error={error}
      busy={busy}
      saveLabel={t.profiles.create}
      cancelTo={hrefOf({ page: 'profiles', kind, archived: false })}
      onName={setName}
      onDraft={setDraft}
      onSave={() => void save()}
    >
      <OrganisationField organisations={organisations} value={organisationId} onChange={setOrganisation} />
    </ProfileForm>
  );
}
