import { useRef, useState } from 'preact/hooks';
import type { Event } from '../../protocol/events.ts';
import { Dialog } from '../shared/dialog.tsx';
import { eventTitle } from '../shared/event-name.ts';
import { formValues, Problem } from '../shared/field.tsx';
import { common } from '../shared/messages/common.ts';
import { t } from './messages.ts';

/** Decisions that need a reason; an undo generates its own. */
export type AskedDecision = NonNullable<Event['review']>;

interface DecideDialogProps {
  readonly event: Event;
  readonly decision: AskedDecision;
  /** Whether images of the event are shown. */
  readonly hasImages: boolean;
  readonly busy: boolean;
  readonly problem: string | undefined;
  readonly onDecide: (reason: string) => void;
  readonly onClose: () => void;
}

/** Asks for the reason for a decision, with common reasons to choose from; Enter submits. */
export function DecideDialog({ event, decision, hasImages, busy, problem, onDecide, onClose }: DecideDialogProps) {
  const [reason, setReason] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const action = decision === 'dismissed' ? t.review.dismiss : t.review.confirm;
  const submit = (submitted: SubmitEvent) => {
    const { reason: given = '' } = formValues(submitted);
    if (given) onDecide(given);
  };
  return (
    <Dialog title={t.review.decisionTitle(action, eventTitle(event))} onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        <label class="field">
          <span>{t.review.reason}</span>
          <input
            ref={field}
            name="reason"
            required
            maxLength={2000}
            autocomplete="off"
            value={reason}
            onInput={(typed) => setReason(typed.currentTarget.value)}
          />
        </label>
        <div class="row" role="group" aria-label={t.review.commonReasons}>
          {[
            ...(decision === 'confirmed' && hasImages ? [t.review.visibleInImage] : []),
            ...t.review.reasons[decision],
          ].map((usual) => (
            <button
              key={usual}
              type="button"
              class="small"
              onClick={() => {
                setReason(usual);
                field.current?.focus();
              }}
            >
              {usual}
            </button>
          ))}
        </div>
        <Problem>{problem}</Problem>
        <div class="row">
          <button class="primary" disabled={busy}>
            {action}
          </button>
          <button type="button" onClick={onClose}>
            {common.cancel}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
