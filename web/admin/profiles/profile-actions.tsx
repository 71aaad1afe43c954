import { useState } from 'preact/hooks';
import type { Api } from '../../shared/api.ts';
import { Dialog } from '../../shared/dialog.tsx';
import { Problem } from '../../shared/field.tsx';
import { common } from '../../shared/messages/common.ts';
import { useAction } from '../../shared/use-action.ts';
import { t } from '../messages.ts';
import { hrefOf, type ProfileKind } from '../route.ts';
import { go } from '../use-route.ts';
import { pathOf, type Profile } from './profile-settings.ts';

interface ProfileActionsProps {
  readonly api: Api;
  readonly kind: ProfileKind;
  readonly profile: Profile;
  readonly onChanged: () => void;
}

/** Copy, archive, restore and delete. */
export function ProfileActions({ api, kind, profile, onChanged }: ProfileActionsProps) {
  const { busy, error, run } = useAction();
  const [asked, setAsked] = useState(false);
  const path = `${pathOf(kind)}/${profile.id}`;
  return (
    <section class="card stack" aria-labelledby="actions">
      <h2 id="actions">{t.exam.actions}</h2>
      <p class="small muted">{profile.archived ? t.profiles.restoreHint : t.profiles.archiveHint}</p>
      <div class="row">
        <a class="button" href={hrefOf({ page: 'newProfile', kind, from: profile.id })}>
          {t.profiles.copy}
        </a>
        <button
          disabled={busy}
          onClick={() =>
            void run(async () => {
              await api.patch(path, { archived: !profile.archived });
              onChanged();
            })
          }
        >
          {profile.archived ? t.profiles.restore : t.profiles.archive}
        </button>
        <button class="danger" disabled={busy} aria-haspopup="dialog" onClick={() => setAsked(true)}>
          {t.profiles.delete}
        </button>
      </div>
      {!asked && <Problem>{error}</Problem>}
      {asked && (
        <Dialog title={t.profiles.deleteTitle(profile.name)} onClose={() => setAsked(false)}>
          <p>{t.profiles.deleteHint}</p>
          <Problem>{error}</Problem>
          <div class="row">
            <button
              class="danger"
              disabled={busy}
              onClick={() =>
                void run(async () => {
                  await api.delete(path);
                  go({ page: 'profiles', kind, archived: false }, { replace: true });
                })
              }
            >
              {t.profiles.delete}
            </button>
            <button onClick={() => setAsked(false)}>{common.cancel}</button>
          </div>
        </Dialog>
      )}
    </section>
  );
}
