import { CHECK_IN_PICTURES, type CheckInDecisionName } from '../../../protocol/check-in-bounds.ts';
import type { CheckIn } from '../../../protocol/http/check-in.ts';
import { Dialog } from '../../shared/dialog.tsx';
import { formValues } from '../../shared/field.tsx';
import { common } from '../../shared/messages/common.ts';
import { givenReasons, rememberReason } from '../given-reasons.ts';
import { t } from '../messages.ts';
import { ReasonField } from '../reason-field.tsx';
import { thingsOf } from './things.ts';
import type { Decided } from './use-decide.ts';

/** Id of the button of a decision. */
export const decisionButton = (decision: CheckInDecisionName): string => `check-in-${decision}`;

interface DecisionDialogProps {
  readonly checkIn: CheckIn;
  readonly decision: CheckInDecisionName;
  /** The student's name or pseudonym, as shown on this screen. */
  readonly name: string;
  /** Whose reasons are suggested. */
  readonly user: string;
  readonly onDecide: (decided: Decided) => void;
  readonly onClose: () => void;
}

/** Asks for the reason of a decision, which the student reads, and for what is to be taken again. */
export function DecisionDialog({ checkIn, decision, name, user, onDecide, onClose }: DecisionDialogProps) {
  const { missing, wants } = checkIn;
  const mayAskAgain = decision === 'hold' || decision === 'reopen';
  const kinds = CHECK_IN_PICTURES.filter((kind) => wants[kind]);
  const submit = (event: SubmitEvent) => {
    const values = formValues(event);
    const { reason } = values;
    if (!reason) return;
    rememberReason(user, `check-in ${decision}`, reason);
    onDecide({ decision, reason, ...(mayAskAgain && { retake: kinds.filter((kind) => `retake-${kind}` in values) }) });
  };
  const given = givenReasons(user, `check-in ${decision}`);
  return (
    <Dialog
      title={t.checkIn.dialogTitle(t.checkIn.acts[decision], name)}
      opener={decisionButton(decision)}
      onClose={onClose}
    >
      <form class="stack" onSubmit={submit}>
        {decision === 'admit' && <p class="note warn">{t.checkIn.reasonMissing(thingsOf(missing))}</p>}
        <ReasonField
          label={t.checkIn.reason}
          suggestions={[...new Set([...given, ...t.checkIn.reasons[decision]])]}
          rows={2}
        />
        <p class="small muted">{t.checkIn.reasonRead}</p>
        {mayAskAgain && (
          <fieldset class="plain stack tight">
            <legend class="small">{t.checkIn.retake}</legend>
            {kinds.map((kind) => (
              <label key={kind} class="check">
                <input type="checkbox" name={`retake-${kind}`} />
                <span>{t.checkIn.things[kind]}</span>
              </label>
            ))}
          </fieldset>
        )}
        <div class="row">
          <button class={decision === 'refuse' ? 'danger' : 'primary'}>{t.checkIn.acts[decision]}</button>
          <button type="button" onClick={onClose}>
            {common.cancel}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
