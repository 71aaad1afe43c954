import type { Role } from '../../../../../protocol/http/accounts.ts';
import type { LinkKind, MailState } from '../../../../../protocol/http/passwords.ts';

/** Accounts. */
export const person = {
  title: 'People',
  make: 'New person',
  create: 'Create account',
  search: 'Search by name, address or number',
  none: 'Nobody matches.',
  role: 'Role',
  roles: {
    student: 'Student',
    proctor: 'Proctor',
    reviewer: 'Reviewer',
    manager: 'Exam manager',
    admin: 'Administrator',
  } satisfies Record<Role, string>,
  roleHints: {
    student: 'Sits exams.',
    proctor: 'Watches and commands sessions of the exams or rooms assigned to them.',
    reviewer: 'Reviews records of the exams or rooms assigned to them; sees no live cameras.',
    manager: 'Manages exams and people of their organisation.',
    admin: 'Manages the whole installation.',
  } satisfies Record<Role, string>,
  email: 'Email',
  emailHint: 'A new address voids links made for the old one',
  number: 'Student number',
  optional: 'Optional',
  state: 'State',
  states: { enabled: 'Active', invited: 'No password yet', disabled: 'Disabled', anonymised: 'Anonymised' },
  inviteNext: 'The account has no password yet. Next, make an invitation link for it.',
  saved: 'Saved.',
  access: 'Role and access',
  disable: 'Disable account',
  enable: 'Enable account',
  disableEffect: 'A disabled account is logged out everywhere and cannot log in. Its records stay.',
  enableEffect: 'The account can log in again.',
  links: { invitation: 'Invitation', reset: 'Reset the password' } satisfies Record<LinkKind, string>,
  linkEffects: {
    invitation: 'A link with which the person sets a password. It works once, for 14 days.',
    reset: 'A link with which the person sets a new password. It works once, for one day.',
  } satisfies Record<LinkKind, string>,
  makeLink: 'Make a link',
  mailLink: 'Make a link and send it by mail',
  link: 'Link',
  linkOnce: (time: string) => `Copy it now: it is not shown again. Valid until ${time}.`,
  mailStates: {
    off: 'Not sent by mail.',
    queued: 'It is being sent by mail.',
    sent: 'Sent by mail.',
    failed: 'It could not be sent by mail.',
  } satisfies Record<MailState, string>,
};
