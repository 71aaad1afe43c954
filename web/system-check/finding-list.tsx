import type { Finding, FindingState } from './findings.ts';
import { t } from './messages.ts';

const TONES: Record<FindingState, string> = { good: 'low', note: 'medium', bad: 'high', untested: 'medium', open: '' };

export function FindingList({ findings }: { readonly findings: readonly Finding[] }) {
  return (
    <ul class="plain findings">
      {findings.map(({ name, state, result }) => (
        <li key={name}>
          <span class={`badge ${TONES[state]}`}>{t.states[state]}</span>
          <b>{name}</b>
          <span>{result}</span>
        </li>
      ))}
    </ul>
  );
}
