import type { ProfileDifferences } from '../../../protocol/http/profiles.ts';
import type { PolicySetting } from '../../../protocol/policy-settings.ts';
import type { Api } from '../../shared/api.ts';
import { Problem } from '../../shared/field.tsx';
import { common } from '../../shared/messages/common.ts';
import { number } from '../../shared/messages/numbers.ts';
import { useLoaded } from '../../shared/use-loaded.ts';
import { t } from '../messages.ts';
import type { ProfileKind } from '../route.ts';
import { valueInWords } from './in-words.ts';
import { contentOfProfile, groupsOf, pathOf, type Profile, settingsIn } from './profile-settings.ts';
import { idOf } from './setting.ts';

interface VersionDifferencesProps {
  readonly api: Api;
  readonly kind: ProfileKind;
  readonly profile: Profile;
  readonly described: readonly PolicySetting[];
  readonly from: number;
  readonly to: number;
}

/** Settings that differ between two versions, in words. */
export function VersionDifferences({ api, kind, profile, described, from, to }: VersionDifferencesProps) {
  const { value, error } = useLoaded(
    () => api.get<ProfileDifferences>(`${pathOf(kind)}/${profile.id}/differences?from=${from}&to=${to}`),
    [api, kind, profile.id, from, to],
  );
  const settings = settingsIn(groupsOf(kind, described, contentOfProfile(profile)));
  const places = new Map(
    settings.map((setting, at) => [idOf(setting), { at, title: setting.title, none: setting.none }]),
  );
  const placeOf = (path: string) => places.get(path) ?? { at: settings.length, title: path, none: undefined };
  if (!value) return error ? <Problem>{error}</Problem> : <p class="muted">{common.loading}</p>;
  if (value.items.length === 0) return <p>{t.profiles.same(number(value.from), number(value.to))}</p>;
  // In the order of the form.
  const items = value.items.toSorted((a, b) => placeOf(a.path).at - placeOf(b.path).at);
  const caption = t.profiles.differencesOf(number(value.from), number(value.to));
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={caption}>
      <table class="card list">
        <caption class="unseen">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{t.profiles.setting}</th>
            <th scope="col">{t.profiles.versionNumber(number(value.from))}</th>
            <th scope="col">{t.profiles.versionNumber(number(value.to))}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={item.path}>
              <th scope="row">{placeOf(item.path).title}</th>
              <td>{valueInWords(item.from, placeOf(item.path).none)}</td>
              <td>{valueInWords(item.to, placeOf(item.path).none)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
