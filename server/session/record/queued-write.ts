import type { AnalysisMinuteRow } from '../../../db/analysis-minutes.ts';
import type { NewAuditEntry } from '../../../db/audit/append.ts';
import type { EventRow } from '../../../db/events.ts';
import type { EvidenceRow } from '../../../db/evidence.ts';
import type { ReviewWrite } from '../../../db/reviews.ts';
import type { SessionTotals } from '../../../db/sessions.ts';

/** One change of one session: its totals after the change, and the events that changed. */
export interface QueuedWrite {
  readonly totals: SessionTotals;
  readonly events: readonly EventRow[];
  /** Of the same session and epoch as the totals. */
  readonly minutes?: readonly AnalysisMinuteRow[];
  /** People's decisions about events; under fixed ids, like everything else that may be written again. */
  readonly reviews?: readonly ReviewWrite[];
  /** Pictures that are in the store, of events that are in this entry or an earlier one. */
  readonly evidence?: readonly EvidenceRow[];
  /** Acts for the audit log, with their ids. */
  readonly audit?: readonly (NewAuditEntry & { readonly id: string })[];
  /** After COMMIT, in the order of appending. */
  committed(): void;
  /** Nothing was written: another process owns the session, or the database refuses this very content. */
  refused(reason: 'fenced' | 'unstorable'): void;
}
