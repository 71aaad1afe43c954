import { plural } from '../../numbers.ts';

/** Verification of the audit log: the line at the foot of each page, and the alarm. */
export const auditLog = {
  title: 'Audit log',
  unverifiable:
    'Audit log: cannot be verified here. Browsers allow this only for pages loaded over https or from localhost.',
  alarmed: 'Audit log: verification failed, see above',
  checking: 'Audit log: checking…',
  failed: (reason: string) => `Audit log: could not be verified: ${reason}`,
  noCheckpoint: 'Audit log: no checkpoint yet',
  verified: (entries: number, time: string) =>
    plural(entries, { one: 'Audit log: # entry', other: 'Audit log: # entries' }) + `, verified ${time}`,
  withoutSignatures: 'without signatures: this browser does not support Ed25519',
  notSince: 'not verified since',
  explanation: (time: string) =>
    "Every minute, this page requests the newest signed checkpoint of the server's audit log and a proof that it " +
    `extends the previous one. The key below was trusted on first use, on ${time}: ` +
    "compare it with the one that the server's operator gives you. Current checkpoint:",

  alarms: {
    key: 'The audit log is signed with a different key',
    signature: 'The signature of the audit log is invalid',
    smaller: 'Entries are missing from the audit log',
    rewritten: 'The audit log was changed',
  },
  meanings: {
    key:
      'The operator may have changed the key or reinstalled the server, and can confirm that. ' +
      'Otherwise this is not the log that you have been verifying.',
    signature: "The checkpoint from the server is not signed with the server's key.",
    smaller:
      'The server has shown more entries before. A database restored from a backup looks like this, ' +
      'and so does a log whose end was cut off.',
    rewritten:
      'The entries that the server showed before are not the beginning of the current log. ' +
      'This cannot happen to a log that is only appended to.',
  },
  lastGood: (time: string, entries: number) =>
    plural(entries, {
      one: `Last verified ${time} with # entry.`,
      other: `Last verified ${time} with # entries.`,
    }),
  found: (time: string) => `Detected ${time}.`,
  whatToDo: 'What to do:',
  instructions:
    'Save both checkpoints, the verified one and the current one, and give them to the auditors of this server: ' +
    'they prove what was signed. Do not clear the data of this browser. ' +
    'Have the log exported and verified against the last good checkpoint; ' +
    "until then, do not rely on the server's account of the past.",
  save: 'Save both checkpoints',
  copy: 'Copy both checkpoints',
  copied: 'Copied.',
  copyFailed: 'This browser does not allow copying. Save the checkpoints instead.',
  accept: 'Accept the current log…',
  both: 'Both checkpoints',
  acceptTitle: 'Accept the current log?',
  acceptEffect:
    'This browser then forgets the last good checkpoint. Do this only after it was saved and the cause was found.',
  forget: 'Accept current log',
  keep: 'Keep checkpoint',
  /** For auditors: both sides of an alarm as text. */
  evidence: {
    found: (time: string, reason: string) => `Detected ${time}: ${reason}`,
    good: (time: string) => `Verified until ${time}, under the key`,
    shown: 'Current checkpoint, under the key',
    noKey: '(none)',
    noCheckpoint: '(no checkpoint)',
  },
};
