import { useState } from 'preact/hooks';
import type { AccommodationProfileVersion, PolicyProfileVersion } from '../../../protocol/http/profiles.ts';
import type { PolicySetting } from '../../../protocol/policy-settings.ts';
import type { Api } from '../../shared/api.ts';
import { Problem } from '../../shared/field.tsx';
import { common } from '../../shared/messages/common.ts';
import { number } from '../../shared/messages/numbers.ts';
import { readPages } from '../../shared/read-pages.ts';
import { SelectField } from '../../shared/select-field.tsx';
import { dateAndTime } from '../../shared/time-format.ts';
import { useLoaded } from '../../shared/use-loaded.ts';
import { t } from '../messages.ts';
import type { ProfileKind } from '../route.ts';
import { pathOf, type Profile } from './profile-settings.ts';
import { VersionDifferences } from './version-differences.tsx';

interface ProfileVersionsProps {
  readonly api: Api;
  readonly kind: ProfileKind;
  readonly profile: Profile;
  readonly described: readonly PolicySetting[];
}

type Version = PolicyProfileVersion | AccommodationProfileVersion;

/** Versions of a profile, and the differences between two of them. */
export function ProfileVersions({ api, kind, profile, described }: ProfileVersionsProps) {
  const { value, error } = useLoaded(
    () => readPages<Version>(api, `${pathOf(kind)}/${profile.id}/versions`),
    [api, kind, profile.id, profile.version],
  );
  const [from, setFrom] = useState(Math.max(1, profile.version - 1));
  const [to, setTo] = useState(profile.version);
  if (!value) return error ? <Problem>{error}</Problem> : <p class="muted">{common.loading}</p>;
  const options = value.map(({ version }) => [String(version), t.profiles.versionNumber(number(version))] as const);
  return (
    <>
      <section class="stack" aria-labelledby="versions">
        <h2 id="versions">{t.profiles.tabs.versions}</h2>
        <div class="scroll" tabIndex={0} role="region" aria-labelledby="versions">
          <table class="card list">
            <thead>
              <tr>
                <th scope="col">{t.profiles.version}</th>
                <th scope="col">{t.profiles.savedBy}</th>
                <th scope="col">{t.profiles.savedAt}</th>
                <th scope="col">
                  <span class="unseen">{t.actions}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {value.map(({ version, createdByName, createdAt }) => (
                <tr key={version}>
                  <th scope="row">{number(version)}</th>
                  <td>{createdByName ?? '–'}</td>
                  <td>{dateAndTime(createdAt)}</td>
                  <td class="acts">
                    {version > 1 && (
                      <button
                        class="small"
                        aria-label={t.profiles.changesOf(number(version))}
                        onClick={() => {
                          setFrom(version - 1);
                          setTo(version);
                        }}
                      >
                        {t.profiles.showChanges}
                      </button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
      {profile.version > 1 && (
        <section class="stack" aria-labelledby="differences">
          <h2 id="differences">{t.profiles.differences}</h2>
          <div class="row filters">
            <SelectField
              label={t.profiles.from}
              value={String(from)}
              options={options}
              onChange={(version) => setFrom(Number(version))}
            />
            <SelectField
              label={t.profiles.to}
              value={String(to)}
              options={options}
              onChange={(version) => setTo(Number(version))}
            />
          </div>
          <VersionDifferences api={api} kind={kind} profile={profile} described={described} from={from} to={to} />
        </section>
      )}
    </>
  );
}
