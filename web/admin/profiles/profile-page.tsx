import type { Api } from '../../shared/api.ts';
import { Problem } from '../../shared/field.tsx';
import { common } from '../../shared/messages/common.ts';
import { number } from '../../shared/messages/numbers.ts';
import { PageTitle } from '../../shared/page-title.tsx';
import { useLoaded } from '../../shared/use-loaded.ts';
import { t } from '../messages.ts';
import { hrefOf, PROFILE_TABS, type Route } from '../route.ts';
import { go } from '../use-route.ts';
import { EditProfile } from './edit-profile.tsx';
import { ProfileActions } from './profile-actions.tsx';
import { groupsOf, contentOfProfile, pathOf, type Profile, readDescriptions } from './profile-settings.ts';
import { ProfileVersions } from './profile-versions.tsx';
import { SettingsTable } from './settings-table.tsx';

interface ProfilePageProps {
  readonly api: Api;
  readonly route: Extract<Route, { page: 'profile' }>;
}

/** One profile: its settings in words, edit, versions. */
export function ProfilePage({ api, route }: ProfilePageProps) {
  const { kind, profile: id, tab } = route;
  const { value, error, reload } = useLoaded(async () => {
    const [profile, described] = await Promise.all([
      api.get<Profile>(`${pathOf(kind)}/${id}`),
      readDescriptions(api, kind),
    ]);
    return { profile, described };
  }, [api, kind, id]);
  if (!value) return error ? <Problem>{error}</Problem> : <p class="muted">{common.loading}</p>;
  const { profile, described } = value;
  const content = contentOfProfile(profile);
  const page = () => {
    switch (tab) {
      case 'settings':
        return (
          <>
            <p class="muted">{t.profiles.effect[kind]}</p>
            <SettingsTable groups={groupsOf(kind, described, content)} content={content} />
            <ProfileActions api={api} kind={kind} profile={profile} onChanged={() => void reload()} />
          </>
        );
      case 'edit':
        return profile.archived ? (
          <p class="note">{t.profiles.archivedNote}</p>
        ) : (
          <EditProfile
            api={api}
            kind={kind}
            profile={profile}
            described={described}
            onSaved={async () => {
              await reload();
              go({ ...route, tab: 'settings' });
            }}
          />
        );
      case 'versions':
        return <ProfileVersions api={api} kind={kind} profile={profile} described={described} />;
    }
  };
  return (
    <>
      <div class="stack tight">
        <nav class="small" aria-label={t.exams.place}>
          <a href={hrefOf({ page: 'profiles', kind, archived: profile.archived })}>{t.profiles.kinds[kind]}</a>
        </nav>
        <div class="row">
          <PageTitle>{profile.name}</PageTitle>
          <span class="badge">{t.profiles.versionNumber(number(profile.version))}</span>
          {profile.archived && <span class="badge">{t.profiles.archived}</span>}
        </div>
      </div>
      <nav class="tabs" aria-label={t.profiles.tabsLabel}>
        {PROFILE_TABS.map((each) => (
          <a key={each} href={hrefOf({ ...route, tab: each })} aria-current={each === tab ? 'page' : undefined}>
            {t.profiles.tabs[each]}
          </a>
        ))}
      </nav>
      <Problem>{error}</Problem>
      {page()}
    </>
  );
}
