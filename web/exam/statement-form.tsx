import { MAX_STATEMENT } from '../../protocol/review-bounds.ts';
import { formValues, Labelled } from '../shared/field.tsx';

interface StatementFormProps {
  readonly label: string;
  readonly hint: string;
  readonly send: string;
  readonly busy: boolean;
  readonly onSend: (text: string) => void;
}

/** An answer or an appeal in the student's words. */
export function StatementForm({ label, hint, send, busy, onSend }: StatementFormProps) {
  return (
    <form class="stack tight" onSubmit={(event) => onSend(formValues(event)['text'] ?? '')}>
      <Labelled label={label} hint={hint}>
        {(names) => <textarea {...names} name="text" rows={4} required maxLength={MAX_STATEMENT} />}
      </Labelled>
      <div class="row">
        <button type="submit" disabled={busy}>
          {send}
        </button>
      </div>
    </form>
  );
}
