import { useState } from 'preact/hooks';
import type { InvigilClient } from '../sdk/client.ts';
import { Problem } from '../shared/field.tsx';
import { useAction } from '../shared/use-action.ts';

/** Ends the exam, after asking once more. */
export function HandIn({ client }: { readonly client: InvigilClient }) {
  const [asked, setAsked] = useState(false);
  const { busy, error, run } = useAction();
  if (!asked) {
    return (
      <div>
        <button onClick={() => setAsked(true)}>Finish the exam</button>
      </div>
    );
  }
  return (
    <div class="card stack">
      <p>Finish the exam now? You cannot go on with it afterwards.</p>
      <Problem>{error}</Problem>
      <div class="row">
        <button class="primary" disabled={busy} onClick={() => void run(async () => void (await client.finish()))}>
          {busy ? 'Finishing …' : 'Yes, finish'}
        </button>
        <button disabled={busy} onClick={() => setAsked(false)}>
          No, go on
        </button>
      </div>
    </div>
  );
}
