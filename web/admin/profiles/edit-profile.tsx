import { useState } from 'preact/hooks';
import type { PolicySetting } from '../../../protocol/policy-settings.ts';
import type { Api } from '../../shared/api.ts';
import { ApiError } from '../../shared/api-error.ts';
import { number } from '../../shared/messages/numbers.ts';
import { t } from '../messages.ts';
import { hrefOf, type ProfileKind } from '../route.ts';
import { ProfileConflict } from './profile-conflict.tsx';
import { faultOf, refusalOf } from './profile-faults.ts';
import { ProfileForm } from './profile-form.tsx';
import { contentOfProfile, fieldOf, groupsOf, pathOf, type Profile, settingsIn } from './profile-settings.ts';
import { contentOf, draftOf } from './setting.ts';

interface EditProfileProps {
  readonly api: Api;
  readonly kind: ProfileKind;
  readonly profile: Profile;
  readonly described: readonly PolicySetting[];
  readonly onSaved: () => Promise<void>;
}

/** Edits a profile into its next version. What somebody else saved meanwhile is shown, and the typed values stay. */
export function EditProfile({ api, kind, profile, described, onSaved }: EditProfileProps) {
  const [base, setBase] = useState(profile);
  const groups = groupsOf(kind, described, contentOfProfile(base));
  const settings = settingsIn(groups);
  const [name, setName] = useState(profile.name);
  const [draft, setDraft] = useState(() => draftOf(settings, contentOfProfile(profile)));
  const [newer, setNewer] = useState<Profile>();
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);
  const path = `${pathOf(kind)}/${profile.id}`;

  const save = async (over: Profile) => {
    setBusy(true);
    setError(undefined);
    try {
      await api.patch(path, {
        // A name that was not touched is not put back to what it was.
        ...(name.trim() !== base.name && { name: name.trim() }),
        [fieldOf(kind)]: contentOf(settings, draft, contentOfProfile(base)),
        baseVersion: over.version,
      });
      await onSaved();
    } catch (fault) {
      if (fault instanceof ApiError && fault.code === 'profile_changed') {
        setError(fault.message);
        setNewer(await api.get<Profile>(path).catch(() => undefined));
      } else setError(refusalOf(fault, settings, fieldOf(kind)));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <p class="muted">{t.profiles.editNote[kind]}</p>
      <ProfileForm
        groups={groups}
        name={name}
        draft={draft}
        fault={faultOf(draft)}
        error={error}
        // With a newer version there, the decision is below.
        busy={busy || newer !== undefined}
        saveLabel={t.profiles.saveAs(number(base.version + 1))}
        cancelTo={hrefOf({ page: 'profile', kind, profile: profile.id, tab: 'settings' })}
        onName={setName}
        onDraft={setDraft}
        onSave={() => void save(base)}
      />
      {newer && (
        <ProfileConflict
          api={api}
          kind={kind}
          described={described}
          from={base}
          to={newer}
          busy={busy}
          onOverwrite={() => void save(newer)}
          onTake={() => {
            const content = contentOfProfile(newer);
            setBase(newer);
            setName(newer.name);
            setDraft(draftOf(settingsIn(groupsOf(kind, described, content)), content));
            setNewer(undefined);
            setError(undefined);
          }}
        />
      )}
    </>
  );
}
