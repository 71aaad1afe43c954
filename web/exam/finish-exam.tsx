import { useState } from 'preact/hooks';
import type { InvigilClient } from '../sdk/client.ts';
import { Problem } from '../shared/field.tsx';
import { useAction } from '../shared/use-action.ts';
import { t } from './messages.ts';

/** Ends the exam after a confirmation. */
export function FinishExam({ client }: { readonly client: InvigilClient }) {
  const [asked, setAsked] = useState(false);
  const { busy, error, run } = useAction();
  if (!asked) {
    return (
      <div>
        <button onClick={() => setAsked(true)}>{t.finish}</button>
      </div>
    );
  }
  return (
    <div class="card stack">
      <p>{t.finishQuestion}</p>
      <Problem>{error}</Problem>
      <div class="row">
        <button class="primary" disabled={busy} onClick={() => void run(async () => void (await client.finish()))}>
          {busy ? t.finishing : t.finishConfirm}
        </button>
        <button disabled={busy} onClick={() => setAsked(false)}>
          {t.finishCancel}
        </button>
      </div>
    </div>
  );
}
