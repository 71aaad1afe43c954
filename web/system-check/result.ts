import type { Finding, FindingState } from './findings.ts';
import { t } from './messages.ts';

export interface Result {
  readonly state: FindingState;
  readonly headline: string;
  /** Next steps, most urgent first; each once. */
  readonly steps: readonly string[];
}

const URGENCY: readonly FindingState[] = ['bad', 'note', 'untested'];

/** Pure: one answer in words, decided by the worst finding. */
export function resultOf(findings: readonly Finding[], cameraIsOff: boolean): Result {
  const having = (state: FindingState) => findings.filter((finding) => finding.state === state);
  const steps = URGENCY.flatMap(having).flatMap(({ fix }) => fix ?? []);
  const turnOn = cameraIsOff ? [t.turnOnCamera] : [];
  const all = [...new Set([...steps, ...turnOn])];
  if (having('bad').length > 0) return { state: 'bad', headline: t.notReady, steps: all };
  if (having('open').length > 0) {
    return { state: 'open', headline: cameraIsOff ? t.cameraNext : t.incomplete, steps: all };
  }
  // A clock that was not tested has no reason: it does not matter.
  const looks = [...having('note'), ...having('untested')].filter(({ reason }) => reason !== undefined).length;
  if (looks === 0) return { state: 'good', headline: t.ready, steps: [t.nothingToDo] };
  // Without a live connection there is no exam: not tested is not ready.
  if (having('untested').some(({ reason }) => reason === 'websocket_untested'))
    return { state: 'untested', headline: t.notTested, steps: all };
  return {
    state: having('note').length > 0 ? 'note' : 'untested',
    headline: looks === 1 ? t.readyWithOne : t.readyWithMore(looks),
    steps: all,
  };
}

interface Context {
  readonly server: string;
  readonly browser: string;
  readonly at: string;
}

/** Pure: all findings as plain text for support, without personal data. */
export function summaryText(findings: readonly Finding[], headline: string, context: Context): string {
  const lines = findings.map(
    ({ name, state, result, reason }) =>
      `${t.summaryMarks[state].padEnd(9)}${name}: ${result}${reason === undefined ? '' : ` [${reason}]`}`,
  );
  return [
    t.summaryTitle(context.server, context.at),
    headline,
    '',
    ...lines,
    '',
    t.summaryBrowser(context.browser),
  ].join('\n');
}
