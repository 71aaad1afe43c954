import { useEffect, useState } from 'preact/hooks';
import type { Event } from '../../protocol/events.ts';
import type { User } from '../../protocol/http/accounts.ts';
import type { VerdictSteps } from '../../protocol/http/verdict-steps.ts';
import type { Api } from '../shared/api.ts';
import { Problem } from '../shared/field.tsx';
import { manages } from '../shared/manages.ts';
import { eventText } from '../shared/messages/events.ts';
import { problemText } from '../shared/messages/problems.ts';
import { useZone } from '../shared/shown-zone.ts';
import { dateAndTime } from '../shared/time-format.ts';
import { useAction } from '../shared/use-action.ts';
import { GiveAppeal } from './give-appeal.tsx';
import { t } from './messages.ts';
import { OutcomeForm } from './outcome-form.tsx';
import { ReleaseForm } from './release-form.tsx';
import { ReleaseView } from './release-view.tsx';

interface VerdictStepsPanelProps {
  readonly api: Api;
  readonly session: string;
  readonly user: User;
  readonly events: readonly Event[];
  /** While an appeal is open there is no other verdict. */
  readonly onAppealed: (isOpen: boolean) => void;
  /** Reads the session again, whose verdict may be another now. */
  readonly onChange: () => Promise<void>;
}

/** The steps after a verdict: release, answer, appeal, outcome. */
export function VerdictStepsPanel({ api, session, user, events, onAppealed, onChange }: VerdictStepsPanelProps) {
  const zone = useZone();
  const [steps, setSteps] = useState<VerdictSteps>();
  const { busy, error, run } = useAction();
  const act = (work: () => Promise<VerdictSteps>, changes = true) =>
    void run(async () => {
      const next = await work();
      setSteps(next);
      onAppealed(next.state === 'appealed');
      if (changes) await onChange();
    });
  const path = `/api/sessions/${session}`;
  useEffect(() => act(() => api.get<VerdictSteps>(`${path}/verdict-steps`), false), [api, path]);
  if (!steps) return <Problem>{error}</Problem>;
  const { state, verdict, shown, due, releases, refusals } = steps;
  const isOpen = state === 'appealed';
  const refusal = refusals.release;
  return (
    <section class="card stack" aria-labelledby="steps-title">
      <div class="row between">
        <h2 id="steps-title">{t.verdicts.steps}</h2>
        {state && <span class="badge">{t.verdicts.states[state]}</span>}
      </div>
      {state === 'provisional' && (
        <p>
          {t.verdicts.provisional} {shown && t.verdicts.seesOther(eventText.verdicts[shown.verdict])}
        </p>
      )}
      {due && <p class="small muted">{t.verdicts.dueLine(dateAndTime(due, zone))}</p>}
      {state === 'provisional' &&
        (refusal === null && verdict ? (
          <ReleaseForm
            events={events}
            busy={busy}
            onRelease={(chosen) =>
              act(() => api.post<VerdictSteps>(`${path}/release`, { verdict: verdict.id, events: chosen }))
            }
          />
        ) : (
          refusal && <p class="note small">{problemText(refusal, { retryable: false })}</p>
        ))}
      <Problem>{error}</Problem>
      {releases.map((release) => (
        <ReleaseView key={release.id} release={release} />
      ))}
      {isOpen && manages(user) && (
        <GiveAppeal
          api={api}
          session={session}
          officer={releases[0]?.appeal?.officer ?? null}
          busy={busy}
          onGive={(officer) => act(() => api.put<VerdictSteps>(`${path}/appeal/officer`, { officer }))}
        />
      )}
      {refusals.decide === null && releases[0] && (
        <OutcomeForm
          user={user}
          appealed={releases[0].verdict.verdict}
          busy={busy}
          onDecide={(body) => act(() => api.post<VerdictSteps>(`${path}/appeal/outcome`, body))}
        />
      )}
    </section>
  );
}
