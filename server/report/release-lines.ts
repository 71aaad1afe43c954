import type { Release } from '../../protocol/http/verdict-steps.ts';

/** Names of verdicts in files. */
export const VERDICTS = { no_concern: 'No concern', concern: 'Concern', violation: 'Violation' };

const OUTCOMES = { upheld: 'Verdict upheld', changed: 'Verdict changed', withdrawn: 'Appeal withdrawn' };

/** Pure: the steps after each verdict in words, newest release first. */
export function releaseLines(releases: readonly Release[], moment: (at: Date) => string): string[] {
  const when = (at: string) => moment(new Date(at));
  return releases.flatMap(({ verdict, by, at, answer, appeal }) => {
    const outcome = appeal?.outcome;
    const to = outcome?.verdict ? ` to ${VERDICTS[outcome.verdict.verdict]}` : '';
    return [
      `${VERDICTS[verdict.verdict]}, released to the student by ${by.name}, ${when(at)}.`,
      ...(answer ? [`Answer of the student, ${when(answer.at)}: ${answer.text}`] : []),
      ...(appeal ? [`Appeal of the student, ${when(appeal.at)}: ${appeal.text}`] : []),
      ...(appeal && !outcome
        ? [`The appeal is open${appeal.officer ? ` and given to ${appeal.officer.name}` : ', given to nobody yet'}.`]
        : []),
      ...(outcome
        ? [
            `${OUTCOMES[outcome.outcome]}${to}, by ${outcome.by.name}, ${when(outcome.at)}${outcome.reason === null ? '.' : `: ${outcome.reason}`}`,
          ]
        : []),
    ];
  });
}
