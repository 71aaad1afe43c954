import type { Api } from '../../shared/api.ts';
import { DroppedNote } from '../../shared/dropped-note.tsx';
import { Problem } from '../../shared/field.tsx';
import { common } from '../../shared/messages/common.ts';
import { number, plural } from '../../shared/messages/numbers.ts';
import { MoreButton } from '../../shared/more-button.tsx';
import { PageTitle } from '../../shared/page-title.tsx';
import { dateAndTime } from '../../shared/time-format.ts';
import { useLoaded } from '../../shared/use-loaded.ts';
import { usePages } from '../../shared/use-pages.ts';
import { t } from '../messages.ts';
import type { Organisations } from '../organisations/use-organisations.ts';
import { hrefOf, PROFILE_KINDS, type Route } from '../route.ts';
import { go } from '../use-route.ts';
import { changedIn, termsInWords } from './in-words.ts';
import { groupsOf, pathOf, type Profile, readDescriptions, settingsIn } from './profile-settings.ts';

interface ProfileListProps {
  readonly api: Api;
  readonly organisations: Organisations;
  readonly route: Extract<Route, { page: 'profiles' }>;
}

/** Policy profiles or accommodation profiles. */
export function ProfileList({ api, organisations, route }: ProfileListProps) {
  const { kind, archived } = route;
  const pages = usePages<Profile>(
    (cursor) => {
      const query = new URLSearchParams({
        limit: '50',
        archived: String(archived),
        ...(cursor && { cursor }),
      });
      return api.get(`${pathOf(kind)}?${query.toString()}`);
    },
    [api, kind, archived],
  );
  const described = useLoaded(() => readDescriptions(api, kind), [api, kind]);
  const summaryOf = (profile: Profile): string => {
    if ('terms' in profile) return termsInWords(profile.terms);
    if (!described.value) return '';
    const changed = changedIn(settingsIn(groupsOf(kind, described.value, profile.policy)), profile.policy);
    if (changed.length === 0) return t.profiles.allDefaults;
    return plural(changed.length, t.profiles.differ);
  };
  const names = new Map(organisations.all.map(({ id, label }) => [id, label]));
  const { items } = pages;
  return (
    <>
      <div class="row between">
        <PageTitle>{t.profiles.title}</PageTitle>
        <a class="button primary" href={hrefOf({ page: 'newProfile', kind, from: undefined })}>
          {t.profiles.make}
        </a>
      </div>
      <nav class="tabs" aria-label={t.profiles.kindsLabel}>
        {PROFILE_KINDS.map((each) => (
          <a
            key={each}
            href={hrefOf({ page: 'profiles', kind: each, archived })}
            aria-current={each === kind ? 'page' : undefined}
          >
            {t.profiles.kinds[each]}
          </a>
        ))}
      </nav>
      <p class="muted">{t.profiles.about[kind]}</p>
      <label class="check">
        <input
          type="checkbox"
          checked={archived}
          onChange={({ currentTarget }) => go({ ...route, archived: currentTarget.checked })}
        />
        {t.profiles.showArchived}
      </label>
      <DroppedNote understood={{ archived: archived ? 'yes' : '' }} />
      <Problem>{pages.problem ?? described.error}</Problem>
      {!items && pages.busy && <p class="muted">{common.loading}</p>}
      {items?.length === 0 && <p class="card muted">{archived ? t.profiles.noneArchived : t.profiles.none[kind]}</p>}
      {items && items.length > 0 && (
        <div class="scroll" tabIndex={0} role="region" aria-label={t.profiles.kinds[kind]}>
          <table class="card list">
            <thead>
              <tr>
                <th scope="col">{t.profiles.name}</th>
                <th scope="col">{t.profiles.summary}</th>
                {organisations.several && <th scope="col">{t.organisations.organisation}</th>}
                <th scope="col" class="number">
                  {t.profiles.version}
                </th>
                <th scope="col">{t.profiles.changed}</th>
              </tr>
            </thead>
            <tbody>
              {items.map((profile) => (
                <tr key={profile.id}>
                  <th scope="row">
                    <a href={hrefOf({ page: 'profile', kind, profile: profile.id, tab: 'settings' })}>{profile.name}</a>
                  </th>
                  <td>{summaryOf(profile)}</td>
                  {organisations.several && <td>{names.get(profile.organisationId) ?? '–'}</td>}
                  <td class="number">{number(profile.version)}</td>
                  <td>{dateAndTime(profile.updatedAt)}</td>
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
