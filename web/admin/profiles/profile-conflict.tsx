import type { PolicySetting } from '../../../protocol/policy-settings.ts';
import type { Api } from '../../shared/api.ts';
import { number } from '../../shared/messages/numbers.ts';
import { dateAndTime } from '../../shared/time-format.ts';
import { t } from '../messages.ts';
import type { ProfileKind } from '../route.ts';
import type { Profile } from './profile-settings.ts';
import { VersionDifferences } from './version-differences.tsx';

interface ProfileConflictProps {
  readonly api: Api;
  readonly kind: ProfileKind;
  readonly described: readonly PolicySetting[];
  /** Version that was edited. */
  readonly from: Profile;
  /** Current version, of somebody else. */
  readonly to: Profile;
  readonly busy: boolean;
  readonly onOverwrite: () => void;
  readonly onTake: () => void;
}

/** Changes that somebody else saved meanwhile, and the decision. */
export function ProfileConflict(props: ProfileConflictProps) {
  const { api, kind, described, from, to, busy, onOverwrite, onTake } = props;
  return (
    <section class="card stack form" aria-labelledby="conflict">
      <h2 id="conflict">{t.profiles.conflict(number(to.version))}</h2>
      <p>{t.profiles.conflictHint(dateAndTime(to.updatedAt))}</p>
      <VersionDifferences
        api={api}
        kind={kind}
        profile={to}
        described={described}
        from={from.version}
        to={to.version}
      />
      <div class="row">
        <button disabled={busy} onClick={onOverwrite}>
          {t.profiles.saveMine(number(to.version + 1))}
        </button>
        <button class="danger" disabled={busy} onClick={onTake}>
          {t.profiles.takeTheirs}
        </button>
      </div>
    </section>
  );
}
