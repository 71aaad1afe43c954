import type { MyVerdict } from '../../../../protocol/http/verdict-steps.ts';

/** Released verdicts on the page of their student. */
export const myVerdicts = {
  title: 'Verdict',
  none: 'No verdict has been released.',
  given: (name: string | undefined, released: string) =>
    name === undefined ? `released ${released}` : `by ${name}, released ${released}`,
  earlier: 'An earlier verdict; a newer one is above.',
  pictures: 'Images that decided it',
  picture: (event: string, time: string) => `${event}, ${time}`,
  answerUntil: (time: string) => `You may answer until ${time}, once. Staff read your answer.`,
  appealUntil: (time: string) =>
    `You may appeal until ${time}, once. A person who had no part in the verdict decides. Until then nothing of this exam session is deleted.`,
  answerLabel: 'Your answer',
  appealLabel: 'Why you appeal',
  sendAnswer: 'Send answer',
  sendAppeal: 'Appeal',
  yourAnswer: (time: string) => `You answered on ${time}:`,
  yourAppeal: (time: string) => `You appealed on ${time}:`,
  pending: 'Your appeal is open.',
  withdraw: 'Withdraw appeal',
  withdrawNote: 'The verdict then stays. You cannot appeal against it again.',
  confirmWithdraw: 'Withdraw for good',
  cancel: 'Keep the appeal',
  outcomes: {
    upheld: 'The verdict stays',
    changed: 'The verdict was changed',
    withdrawn: 'You withdrew the appeal',
  } satisfies Record<NonNullable<MyVerdict['outcome']>['outcome'], string>,
  outcome: (name: string | undefined, time: string) => (name === undefined ? time : `by ${name}, ${time}`),
};
