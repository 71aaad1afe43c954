import { number, plural } from '../../numbers.ts';

/** Report of a session, for paper or PDF. */
export const report = {
  title: (exam: string) => `Report: ${exam}`,
  includeImages: 'Include images',
  print: 'Print',
  download: 'Download PDF',
  session: 'Session',
  began: 'Started',
  ended: 'Ended',
  endedBecause: (time: string, reason: string) => `${time} (${reason})`,
  endReasons: {
    finished: 'finished by the student',
    ended: 'ended with its exam, or by the exam page',
    terminated: 'ended by a proctor',
    expired: 'time expired',
  } as Record<string, string>,
  inProgress: 'in progress',
  zone: 'Times in',
  policy: 'Policy',
  policyVersion: (version: number) => `version ${version}`,
  scoreMeaning: 'A score sets review priority and is not a decision. Only the decisions below count.',
  verdict: 'Verdict',
  noVerdict: 'No verdict yet.',
  replaced: '(replaced)',
  timeline: 'Timeline',
  riskAtEnd: (total: string) => `Risk over time: total ${total} at the end`,
  chartRange: (start: string, end: string, maximum: string) => `${start} – ${end}, maximum ${maximum}`,
  analysis: 'Image analysis',
  incidents: 'Incidents',
  none: 'No events recorded.',
  otherEvents: 'Other events',
  decision: (decision: string, name: string, time: string) => `${decision} by ${name}, ${time}:`,
  created: (time: string) => `Created ${time}.`,

  log: {
    title: 'Audit log',
    unavailable: (reason: string) => `The audit log cannot be shown: ${reason}`,
    noEntries: 'No entries for this session.',
    newest: (count: number, type: string, time: string) =>
      plural(count, { one: '# entry', other: '# entries' }) + `; the newest is “${type}” of ${time} with the hash`,
    checkpoint: "The checkpoint and the server's signing key:",
    checkpointCovers: (count: number) =>
      `The checkpoint, which covers ${number(count)} of them, and the server's signing key:`,
    save: 'Save this part of the log',
    verifyWith: 'Verify with',
    notChecked: 'Not verified: browsers allow this only for pages loaded over https or from localhost.',
    invalid: (reason: string) => `Verification failed: ${reason}.`,
    alarm: 'The log that it belongs to no longer matches: see above.',
    uncovered: (count: number) =>
      plural(count, {
        one: '# entry is newer than the checkpoint; the next one follows within seconds.',
        other: '# entries are newer than the checkpoint; the next one follows within seconds.',
      }),
    chainOnly: 'Recomputed in this browser: each entry follows its predecessor. No checkpoint covers them yet.',
    covered: (count: number, signed: boolean) =>
      'Recomputed in this browser: each entry follows its predecessor, and ' +
      plural(count, { one: '# is', other: '# are' }) +
      ' included in the checkpoint below, ' +
      (signed
        ? 'which is signed with the key below.'
        : 'whose signature was not verified: this browser does not support Ed25519.'),
    continues: 'The log continues what this browser has seen before.',
    faults: {
      entry: (position: number, type: string, fault: string) => `entry ${position}, ${type}: ${fault}`,
      unreadable: 'it cannot be read',
      outOfOrder: 'it is not the next entry of this session',
      unlinked: 'it does not follow its predecessor',
      payload: 'its payload differs from the logged one',
      hash: 'its hash differs from the logged one',
      end: 'the chain does not end where the server says',
      noProof: 'the proof is missing',
      notIncluded: (position: number) => `entry ${position} is not included in the checkpoint's log`,
    },
  },
};
