import type { VerdictSteps } from '../../protocol/http/verdict-steps.ts';
import type { Api } from '../shared/api.ts';
import { Problem } from '../shared/field.tsx';
import { useLoaded } from '../shared/use-loaded.ts';
import { t } from './messages.ts';
import { ReleaseView } from './release-view.tsx';

/** Releases, answers, appeals and outcomes of a session, for its report. */
export function ReportReleases({ api, session }: { readonly api: Api; readonly session: string }) {
  const { value, error } = useLoaded(
    () => api.get<VerdictSteps>(`/api/sessions/${session}/verdict-steps`),
    [api, session],
  );
  if (error) return <Problem>{error}</Problem>;
  if (!value || value.releases.length === 0) return null;
  return (
    <section class="stack tight">
      <h2>{t.verdicts.steps}</h2>
      {value.releases.map((release) => (
        <ReleaseView key={release.id} release={release} />
      ))}
    </section>
  );
}
