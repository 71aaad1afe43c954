import type { InvigilClient } from '../sdk/client.ts';
import { Problem } from '../shared/field.tsx';
import { useAction } from '../shared/use-action.ts';
import { t } from './messages.ts';
import { useAsked } from './use-asked.ts';

interface FinishExamProps {
  readonly client: InvigilClient;
  /** Lets the form save its answers. */
  readonly onFinishing: () => Promise<void>;
  /** The exam could not be ended. */
  readonly onFailed: () => void;
}

/** Ends the exam after a confirmation. */
export function FinishExam({ client, onFinishing, onFailed }: FinishExamProps) {
  const { asked, setAsked, question, button } = useAsked();
  const { busy, error, run } = useAction();
  const finish = async () => {
    await onFinishing();
    await client.finish().catch((fault: unknown) => {
      onFailed();
      throw fault;
    });
  };
  if (!asked) {
    return (
      <div>
        <button ref={button} onClick={() => setAsked(true)}>
          {t.finish}
        </button>
      </div>
    );
  }
  return (
    <div class="card stack">
      <p ref={question} tabIndex={-1}>
        {t.finishQuestion}
      </p>
      <Problem>{error}</Problem>
      <div class="row">
        <button class="primary" disabled={busy} onClick={() => void run(finish)}>
          {busy ? t.finishing : t.finishConfirm}
        </button>
        <button disabled={busy} onClick={() => setAsked(false)}>
          {t.finishCancel}
        </button>
      </div>
    </div>
  );
}
