import type { FindingState } from './findings.ts';
import { t } from './messages.ts';
import type { Result } from './result.ts';

const TONES: Record<FindingState, string> = { good: 'good', note: 'warn', bad: 'bad', untested: 'warn', open: '' };

/** The answer in words, and what to do: first on the page. */
export function Answer({ result: { state, headline, steps } }: { readonly result: Result }) {
  return (
    <div class={`note stack tight answer ${TONES[state]}`} role="status">
      <h2>{headline}</h2>
      {steps.length > 0 && (
        <>
          <h3>{t.whatToDo}</h3>
          <ul>
            {steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
