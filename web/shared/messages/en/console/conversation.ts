import { number, plural } from '../../numbers.ts';

/** Conversation with a student, on the session's page and on the wall. */
export const conversation = {
  to: (name: string) => `Message to ${name}`,
  template: 'Template',
  chooseTemplate: 'Choose…',
  templates: [
    'Please sit so that your whole face is in the picture.',
    'Please turn on a light in front of you.',
    'Please put away everything that is not allowed in this exam.',
    'Please speak to nobody during the exam.',
    'Your question has been passed on. Please go on with another task meanwhile.',
    'We have seen the technical problem. It is not held against you. Please go on.',
  ],
  markRead: 'Mark read',
  lowerHand: 'Lower the hand',
  handSince: (time: string) => `Hand raised ${time} ago`,
  hand: 'Hand raised',
  unread: (count: number) => plural(count, { one: '# unread message', other: '# unread messages' }),
  unreadShort: (count: number) => number(count),
  filter: 'Messages',
  filters: { hand: 'Hand raised', unread: 'Unread', any: 'Hand raised or unread' },
  waiting: 'Waiting for an answer',
};
