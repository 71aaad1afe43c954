import { useRef, useState } from 'preact/hooks';
import type { Event } from '../../protocol/events.ts';
import { Dialog } from '../shared/dialog.tsx';
import { eventTitle } from '../shared/event-name.ts';
import { formValues, Problem } from '../shared/field.tsx';

/** What is asked a reason for: a decision that is taken back says itself what it was. */
export type AskedDecision = NonNullable<Event['review']>;

/** Usual reasons, for one click or a few keys; anything else can be written. */
const USUAL: Readonly<Record<AskedDecision, readonly string[]>> = {
  dismissed: ['Not what it looks like', 'Allowed by the exam', 'Technical cause'],
  confirmed: ['Seen on the picture', 'Repeated', 'No explanation given'],
};
const TITLES = { dismissed: 'Dismiss', confirmed: 'Confirm' } as const;

interface DecideDialogProps {
  readonly event: Event;
  readonly decision: AskedDecision;
  readonly busy: boolean;
  readonly problem: string | undefined;
  readonly onDecide: (reason: string) => void;
  readonly onClose: () => void;
}

/** Asks for the reason of a decision; Enter gives it. */
export function DecideDialog({ event, decision, busy, problem, onDecide, onClose }: DecideDialogProps) {
  const [reason, setReason] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const submit = (submitted: SubmitEvent) => {
    const { reason: given = '' } = formValues(submitted);
    if (given) onDecide(given);
  };
  return (
    <Dialog title={`${TITLES[decision]}: ${eventTitle(event)}`} onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        <label class="field">
          <span>Reason</span>
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
        <div class="row" role="group" aria-label="Usual reasons">
          {USUAL[decision].map((words) => (
            <button
              key={words}
              type="button"
              class="small"
              onClick={() => {
                setReason(words);
                field.current?.focus();
              }}
            >
              {words}
            </button>
          ))}
        </div>
        <Problem>{problem}</Problem>
        <div class="row">
          <button class="primary" disabled={busy}>
            {TITLES[decision]}
          </button>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}
