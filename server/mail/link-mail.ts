import type { LinkKind } from '../../protocol/http/passwords.ts';
import type { Mail } from './mailer.ts';

export interface LinkMail {
  readonly to: { readonly name: string; readonly email: string };
  readonly kind: LinkKind;
  readonly link: string;
  readonly expiresAt: Date;
}

const CONTENT: Readonly<Record<LinkKind, { readonly subject: string; readonly about: string }>> = {
  invitation: {
    subject: 'Your account for exams',
    about: 'an account for exams has been created for you. Choose a password here:',
  },
  reset: { subject: 'Set a new password', about: 'a link to set a new password was created for your account:' },
};

const WHEN = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'short', timeZone: 'UTC' });

/** Mail with a link that sets a password. */
export function linkMail({ to, kind, link, expiresAt }: LinkMail): Mail {
  const { subject, about } = CONTENT[kind];
  const text = `Hello ${to.name},

${about}

${link}

The link works once, until ${WHEN.format(expiresAt)} UTC. Do not pass it on.

If you did not expect this message, ignore it.
`;
  return { to: to.email, subject, text };
}
