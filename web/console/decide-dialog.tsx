import type { Event } from '../../protocol/events.ts';
import { Dialog } from '../shared/dialog.tsx';
import { formValues } from '../shared/field.tsx';
import { common } from '../shared/messages/common.ts';
import { givenReasons } from './given-reasons.ts';
import { t } from './messages.ts';
import { ReasonField } from './reason-field.tsx';

/** Decisions that need a reason; an undo generates its own. */
export type AskedDecision = NonNullable<Event['review']>;

interface DecideDialogProps {
  /** The incident or the group. */
  readonly title: string;
  readonly decision: AskedDecision;
  /** Whether images of it are shown. */
  readonly hasImages: boolean;
  /** Whose reasons are suggested. */
  readonly user: string;
  readonly onDecide: (reason: string) => void;
  readonly onClose: () => void;
}

/** Asks for the reason for a decision: the one given last, or another of those given before, or a common one. */
export function DecideDialog({ title, decision, hasImages, user, onDecide, onClose }: DecideDialogProps) {
  const action = decision === 'dismissed' ? t.review.dismiss : t.review.confirm;
  const given = givenReasons(user, decision);
  const usual = [
    ...(decision === 'confirmed' && hasImages ? [t.review.visibleInImage] : []),
    ...t.review.reasons[decision],
  ];
  const submit = (submitted: SubmitEvent) => {
    const { reason = '' } = formValues(submitted);
    if (reason) onDecide(reason);
  };
  return (
    <Dialog title={t.review.decisionTitle(action, title)} onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        <ReasonField label={t.review.reason} suggestions={[...new Set([...given, ...usual])]} initial={given[0]} />
        <div class="row">
          <button class="primary">{action}</button>
          <button type="button" onClick={onClose}>
            {common.cancel}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
