import { useMemo, useState } from 'preact/hooks';
import type { CheckInDecisionName } from '../../../protocol/check-in-bounds.ts';
import type { CheckIn } from '../../../protocol/http/check-in.ts';
import type { Api } from '../../shared/api.ts';
import { Problem } from '../../shared/field.tsx';
import { useZone } from '../../shared/shown-zone.ts';
import { Ticking } from '../../shared/ticking.tsx';
import { dateAndTime, duration } from '../../shared/time-format.ts';
import { t } from '../messages.ts';
import { PictureCache } from '../picture-cache.ts';
import type { Prefs } from '../prefs.ts';
import { hrefOf } from '../route.ts';
import { shownName } from '../shown-name.ts';
import { actsOf } from './check-in-acts.ts';
import { CheckInPictures } from './check-in-pictures.tsx';
import { decisionButton } from './decision-dialog.tsx';
import { DecisionHistory } from './decision-history.tsx';
import { StudentFacts } from './student-facts.tsx';
import { thingsOf } from './things.ts';
import type { DecideActs } from './use-decide.ts';

interface CheckInDetailProps {
  readonly api: Api;
  readonly checkIn: CheckIn;
  readonly prefs: Prefs;
  readonly acts: DecideActs;
  /** Long enough to be decided about. */
  readonly seen: boolean;
  readonly played: number;
  readonly onAsk: (decision: CheckInDecisionName) => void;
}

/** One student: who it should be, what they sent, what was decided, and what can be. */
export function CheckInDetail({ api, checkIn, prefs, acts, seen, played, onAsk }: CheckInDetailProps) {
  const zone = useZone();
  const { id, state, since, missing, decisions, startUntil, sessionId, erasedAt, pictures: kept, viewers } = checkIn;
  const pictures = useMemo(() => new PictureCache(api, `/api/check-ins/${id}/pictures`), [api, id]);
  const [revealed, setRevealed] = useState<string>();
  const isPlain = prefs.pictures === 'shown' || revealed === id;
  const possible = actsOf(checkIn);
  return (
    <section class="card stack" aria-labelledby="check-in-name">
      <div class="row between">
        <h2 id="check-in-name">{shownName({ id, studentName: checkIn.student.name }, prefs.names)}</h2>
        <span class="row tight">
          <span class={`badge ${TONES[state]}`}>
            <Ticking
              text={(now) =>
                t.checkIn.stateFor(t.checkIn.states[state], duration(Math.max(0, now - Date.parse(since))))
              }
            />
          </span>
          {possible.map((decision) => (
            <button
              key={decision}
              id={decisionButton(decision)}
              class={decision === 'admit' ? 'primary' : decision === 'refuse' ? 'danger' : ''}
              disabled={acts.busy || !seen}
              onClick={() => onAsk(decision)}
            >
              {t.checkIn.acts[decision]}
            </button>
          ))}
        </span>
      </div>
      <p class={viewers.length > 0 ? 'note small' : 'unseen'} role="status">
        {viewers.length > 0 && t.session.team.open(viewers.map(({ name }) => name).join(', '))}
      </p>
      <StudentFacts checkIn={checkIn} names={prefs.names} />
      {!checkIn.mayDecide && <p class="small muted">{t.checkIn.readOnly}</p>}
      {sessionId !== null && (
        <p class="small">
          {t.checkIn.used} <a href={hrefOf({ page: 'session', session: sessionId })}>{t.checkIn.toSession}</a>
        </p>
      )}
      {startUntil !== null && <p class="small">{t.checkIn.startUntil(dateAndTime(startUntil, zone))}</p>}
      {missing.length > 0 && state !== 'collecting' && <p class="note warn">{t.checkIn.missing(thingsOf(missing))}</p>}
      {acts.conflict !== undefined && (
        <p class="note warn" role="alert">
          {acts.conflict}
        </p>
      )}
      <Problem>{acts.error}</Problem>
      {state === 'collecting' && kept.length === 0 && <p class="muted">{t.checkIn.notYet}</p>}
      {erasedAt !== null && <p class="small muted">{t.checkIn.erased(dateAndTime(erasedAt, zone))}</p>}
      {!isPlain && kept.length > 0 && (
        <p class="row">
          <span class="small muted">{t.checkIn.imagesHidden}</span>
          <button class="small" onClick={() => setRevealed(id)}>
            {t.checkIn.showImages}
          </button>
        </p>
      )}
      {(kept.length > 0 ? isPlain || prefs.pictures !== 'off' : erasedAt === null && state !== 'collecting') && (
        <div class={isPlain ? '' : `pictures-${prefs.pictures}`}>
          <CheckInPictures key={id} shown={checkIn} pictures={pictures} played={played} />
        </div>
      )}
      {possible.length > 0 && <p class="small muted">{t.checkIn.intro}</p>}
      <h3>{t.checkIn.history}</h3>
      <DecisionHistory decisions={decisions} />
    </section>
  );
}

const TONES: Readonly<Record<CheckIn['state'], string>> = {
  collecting: '',
  waiting: 'medium',
  held: 'medium',
  admitted: 'low',
  refused: 'high',
  withdrawn: '',
};
