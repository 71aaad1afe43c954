import type { Finding } from './findings.ts';

const NAMES: Record<Finding['state'], { readonly text: string; readonly tone: string }> = {
  good: { text: '✓ OK', tone: 'low' },
  note: { text: '! Note', tone: 'medium' },
  bad: { text: '✗ Problem', tone: 'high' },
  open: { text: '… Open', tone: '' },
};

export function FindingList({ findings }: { readonly findings: readonly Finding[] }) {
  return (
    <ul class="plain findings">
      {findings.map(({ what, state, says }) => (
        <li key={what}>
          <span class={`badge ${NAMES[state].tone}`}>{NAMES[state].text}</span>
          <b>{what}</b>
          <span>{says}</span>
        </li>
      ))}
    </ul>
  );
}
