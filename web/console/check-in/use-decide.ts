import { useState } from 'preact/hooks';
import type { CheckInDecisionName, CheckInPictureKind } from '../../../protocol/check-in-bounds.ts';
import type { CheckIn } from '../../../protocol/http/check-in.ts';
import type { Api } from '../../shared/api.ts';
import { ApiError, messageOf } from '../../shared/api-error.ts';
import { duration } from '../../shared/time-format.ts';
import { t } from '../messages.ts';
import { personName } from '../person-name.ts';
import { decidedSince } from './check-in-acts.ts';
import type { OneCheckIn } from './use-one-check-in.ts';

export interface Decided {
  readonly decision: CheckInDecisionName;
  readonly reason?: string;
  readonly retake?: readonly CheckInPictureKind[];
}

export interface DecideActs {
  readonly busy: boolean;
  readonly error: string | undefined;
  /** Somebody was faster: who, and what they did. */
  readonly conflict: string | undefined;
  /** @returns whether it was stored */
  decide(decided: Decided): Promise<boolean>;
}

/** Decisions of this person about the check-in that is shown. */
export function useDecide(api: Api, { value, reload, put }: OneCheckIn): DecideActs {
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<{ readonly error?: string; readonly conflict?: string }>({});
  const decide = async (decided: Decided): Promise<boolean> => {
    if (!value || busy) return false;
    const { id, revision } = value;
    setBusy(true);
    setFault({});
    try {
      put(await api.post<CheckIn>(`/api/check-ins/${id}/decision`, { ...decided, revision }, newKey()));
      return true;
    } catch (error) {
      const changed = error instanceof ApiError && ['check_in_changed', 'check_in_state'].includes(error.code);
      const now = changed ? await reload() : undefined;
      setFault(now ? { conflict: conflictOf(value, now) } : { error: messageOf(error) });
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, error: fault.error, conflict: fault.conflict, decide };
}

function conflictOf(shown: CheckIn, now: CheckIn): string {
  const decided = decidedSince(shown, now);
  if (!decided) return t.checkIn.changedByStudent;
  const name = decided.by ? personName(decided.by) : t.review.someone;
  return t.checkIn.changedBy[decided.decision](name, duration(Math.max(0, Date.now() - Date.parse(decided.at))));
}

/** `randomUUID` exists in secure contexts only. */
const newKey = (): string => crypto.getRandomValues(new Uint32Array(4)).join('-');
