import { useEffect, useState } from 'preact/hooks';
import type { Release, VerdictSteps } from '../../protocol/http/verdict-steps.ts';
import type { Api } from '../shared/api.ts';
import { Problem } from '../shared/field.tsx';
import { useAction } from '../shared/use-action.ts';
import { t } from './messages.ts';
import { ReleaseView } from './release-view.tsx';

/** Releases, answers, appeals and outcomes of a session, for its report. */
export function ReportReleases({ api, session }: { readonly api: Api; readonly session: string }) {
  const [releases, setReleases] = useState<readonly Release[]>([]);
  const { error, run } = useAction();
  useEffect(
    () =>
      void run(async () =>
        setReleases((await api.get<VerdictSteps>(`/api/sessions/${session}/verdict-steps`)).releases),
      ),
    [api, session],
  );
  if (error) return <Problem>{error}</Problem>;
  if (releases.length === 0) return null;
  return (
    <section class="stack tight">
      <h2>{t.verdicts.steps}</h2>
      {releases.map((release) => (
        <ReleaseView key={release.id} release={release} />
      ))}
    </section>
  );
}
