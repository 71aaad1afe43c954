import { useState } from 'preact/hooks';
import type { Exam } from '../../../protocol/http/exams.ts';
import type { PolicyProfile } from '../../../protocol/http/profiles.ts';
import type { Api } from '../../shared/api.ts';
import { Problem } from '../../shared/field.tsx';
import { common } from '../../shared/messages/common.ts';
import { number, plural } from '../../shared/messages/numbers.ts';
import { useAction } from '../../shared/use-action.ts';
import { useLoaded } from '../../shared/use-loaded.ts';
import { t } from '../messages.ts';
import { readDescriptions } from '../profiles/profile-settings.ts';
import { VersionDifferences } from '../profiles/version-differences.tsx';
import { hrefOf } from '../route.ts';

interface ExamPolicyProps {
  readonly api: Api;
  readonly exam: Exam;
  readonly onChanged: () => void;
}

/** Policy in force, its profile, and the newer version of that profile. */
export function ExamPolicy({ api, exam, onChanged }: ExamPolicyProps) {
  const profile = exam.policyProfile;
  const [shown, setShown] = useState(false);
  const { busy, error, run } = useAction();
  const own = t.exam.policyVersion(number(exam.policyVersion));
  return (
    <section class="card stack" aria-labelledby="policy">
      <h2 id="policy">{t.exam.policy}</h2>
      <p>
        {own}, {plural(exam.policy.retentionDays, t.exam.keptForDays)}.{' '}
        {profile ? (
          <a href={hrefOf({ page: 'profile', kind: 'policy', profile: profile.id, tab: 'settings' })}>
            {t.policy.inForce(profile.name, number(profile.version))}
          </a>
        ) : (
          t.policy.noProfile
        )}
      </p>
      <p class="small muted">{t.policy.versionsMean}</p>
      {profile && profile.currentVersion > profile.version && (
        <>
          <p class="note warn">{t.policy.isNewer(number(profile.currentVersion))}</p>
          {shown && <NewerVersion api={api} id={profile.id} from={profile.version} to={profile.currentVersion} />}
          <div class="row">
            <button aria-expanded={shown} onClick={() => setShown(!shown)}>
              {t.profiles.differences}
            </button>
            <button
              disabled={busy}
              onClick={() =>
                void run(async () => {
                  await api.put(`/api/exams/${exam.id}/policy-profile`, {
                    policyProfileId: profile.id,
                    baseRevision: exam.revision,
                  });
                  onChanged();
                })
              }
            >
              {t.policy.take(number(profile.currentVersion))}
            </button>
          </div>
        </>
      )}
      <Problem>{error}</Problem>
    </section>
  );
}

interface NewerVersionProps {
  readonly api: Api;
  readonly id: string;
  readonly from: number;
  readonly to: number;
}

function NewerVersion({ api, id, from, to }: NewerVersionProps) {
  const { value, error } = useLoaded(async () => {
    const [profile, described] = await Promise.all([
      api.get<PolicyProfile>(`/api/policy-profiles/${id}`),
      readDescriptions(api, 'policy'),
    ]);
    return { profile, described };
  }, [api, id, to]);
  if (!value) return error ? <Problem>{error}</Problem> : <p class="muted">{common.loading}</p>;
  return <VersionDifferences api={api} kind="policy" {...value} from={from} to={to} />;
}
