import { useEffect, useState } from 'preact/hooks';
import type { CheckInDecisionName } from '../../../protocol/check-in-bounds.ts';
import type { User } from '../../../protocol/http/accounts.ts';
import type { CheckIn } from '../../../protocol/http/check-in.ts';
import type { Api } from '../../shared/api.ts';
import { Problem } from '../../shared/field.tsx';
import { common } from '../../shared/messages/common.ts';
import { ShownZone } from '../../shared/shown-zone.ts';
import { CHECK_IN_ACTIONS } from '../shortcuts.ts';
import { shownName } from '../shown-name.ts';
import { usePrefs } from '../use-prefs.ts';
import { useShortcuts } from '../use-shortcuts.ts';
import { actsOf, needsReason } from './check-in-acts.ts';
import { CheckInDetail } from './check-in-detail.tsx';
import { DecisionDialog } from './decision-dialog.tsx';
import { type Decided, useDecide } from './use-decide.ts';
import { useOneCheckIn } from './use-one-check-in.ts';

/** A key or a click that was meant for the student before: nobody has seen this one yet, ms. */
const UNSEEN_MS = 700;

/** Whether something has been shown for so long that a decision can be about it. */
function useSeen(shown: boolean): boolean {
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    if (!shown) return;
    const timer = setTimeout(() => setSeen(true), UNSEEN_MS);
    return () => clearTimeout(timer);
  }, [shown]);
  return seen;
}

interface OneStudentProps {
  readonly api: Api;
  readonly user: User;
  readonly id: string;
  /** Revision in the list; undefined: it is no longer there. */
  readonly listed: number | undefined;
  readonly zoneOf: (exam: string) => string | undefined;
  readonly onMove: (by: 1 | -1) => void;
  readonly onDecided: (checkIn: CheckIn, decision: CheckInDecisionName) => void;
  /** Somebody else has decided. */
  readonly onChanged: () => void;
}

/** The student in front of the person, with the decisions about them. */
export function OneStudent({ api, user, id, listed, zoneOf, onMove, onDecided, onChanged }: OneStudentProps) {
  const prefs = usePrefs();
  const one = useOneCheckIn(api, id);
  const acts = useDecide(api, one);
  const [asked, setAsked] = useState<CheckInDecisionName>();
  const [played, setPlayed] = useState(0);
  const checkIn = one.value;
  // The list, or its absence from it, says that somebody has changed it.
  useEffect(() => {
    if (checkIn && checkIn.revision !== listed) void one.reload();
  }, [listed]);
  const decide = async (decided: Decided) => {
    setAsked(undefined);
    if (!checkIn) return;
    if (await acts.decide(decided)) onDecided(checkIn, decided.decision);
    else onChanged();
  };
  const isSeen = useSeen(checkIn !== undefined);
  const ask = (decision: CheckInDecisionName) => {
    if (!checkIn || !isSeen || acts.busy || !actsOf(checkIn).includes(decision)) return;
    if (needsReason(decision, checkIn)) setAsked(decision);
    else void decide({ decision });
  };
  useShortcuts(prefs, CHECK_IN_ACTIONS, (action) => {
    if (action === 'next') onMove(1);
    else if (action === 'previous') onMove(-1);
    else if (action === 'play') setPlayed((count) => count + 1);
    else ask(action);
  });
  if (!checkIn) return one.problem ? <Problem>{one.problem}</Problem> : <p class="card muted">{common.loading}</p>;
  return (
    <ShownZone.Provider value={zoneOf(checkIn.exam.id)}>
      <CheckInDetail api={api} checkIn={checkIn} prefs={prefs} acts={acts} seen={isSeen} played={played} onAsk={ask} />
      {asked && (
        <DecisionDialog
          checkIn={checkIn}
          decision={asked}
          name={shownName({ id, studentName: checkIn.student.name }, prefs.names)}
          user={user.id}
          onDecide={(decided) => void decide(decided)}
          onClose={() => setAsked(undefined)}
        />
      )}
    </ShownZone.Provider>
  );
}
