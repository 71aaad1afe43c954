import { z } from 'zod';
import { Id, Timestamp } from '../events.ts';
import { NewPassword, Role } from './accounts.ts';
import { page, PageQuery } from './lists.ts';

/** Changing and resetting passwords. */

export const ChangePasswordBody = z.strictObject({
  currentPassword: z.string().min(1).max(1024),
  newPassword: NewPassword,
});

export const RedeemResetBody = z.strictObject({ token: z.string().min(1).max(128), newPassword: NewPassword });

export const LinkTokenBody = z.strictObject({ token: z.string().min(1).max(128) });

/** Account of a link, for its owner: the token in the link is the proof. */
export const LinkAccount = z
  .object({
    name: z.string(),
    email: z.string(),
    role: Role,
    passwordSet: z.boolean().describe('False: the link sets a first password.'),
  })
  .meta({ id: 'LinkAccount' });
export type LinkAccount = z.infer<typeof LinkAccount>;

export const ResetLinkBody = z.strictObject({
  removeSecondFactors: z
    .boolean()
    .default(false)
    .describe('For a user who lost their second factors: using the link removes them.'),
  send: z.boolean().default(false).describe('Also sends the link by mail, where the server can.'),
});

export const LinkKind = z
  .enum(['invitation', 'reset'])
  .describe('`invitation`: valid for 14 days. `reset`: valid for one day.');
export type LinkKind = z.infer<typeof LinkKind>;

/** `off`: not to be sent, or the server sends no mail. */
export const MailState = z.enum(['off', 'queued', 'sent', 'failed']);
export type MailState = z.infer<typeof MailState>;

/** Links for many people. */
export const MAX_LINKS = 500;
export const LinksBody = z.strictObject({
  userIds: z.array(Id).min(1).max(MAX_LINKS),
  kind: LinkKind,
  send: z.boolean().default(false).describe('Also sends each link by mail, where the server can.'),
});
export const MadeLink = z
  .object({
    userId: Id,
    name: z.string(),
    email: z.string(),
    path: z.string().describe('Path of the page that sets the password, with the token; shown only once.'),
    expiresAt: Timestamp,
    mail: MailState,
  })
  .meta({ id: 'MadeLink' });
export type MadeLink = z.infer<typeof MadeLink>;
export const MadeLinks = z.object({
  items: z.array(MadeLink),
  left: z
    .array(z.object({ userId: Id, reason: z.enum(['not_found', 'forbidden', 'disabled']) }))
    .describe('Accounts without a link: unknown, of a role that the caller cannot give, or disabled.'),
});
export type MadeLinks = z.infer<typeof MadeLinks>;

/** An unused link, without its token. */
export const PendingLink = z
  .object({
    userId: Id,
    name: z.string(),
    email: z.string(),
    kind: LinkKind,
    createdAt: Timestamp,
    expiresAt: Timestamp,
    mail: MailState,
    mailError: z.string().nullable(),
  })
  .meta({ id: 'PendingLink' });
export type PendingLink = z.infer<typeof PendingLink>;
export const PendingLinkPage = page(PendingLink);
export const PendingLinkQuery = PageQuery.extend({ kind: LinkKind.optional(), mail: MailState.optional() });

export const MailStatus = z
  .object({
    enabled: z.boolean().describe('Whether `SMTP_URL` and `SMTP_FROM` are set.'),
    from: z.string().nullable(),
    queued: z.int(),
    sent: z.int().describe('Since the start, like `failed`.'),
    failed: z.int(),
    lastFailure: z.object({ at: Timestamp, message: z.string() }).nullable(),
  })
  .meta({ id: 'MailStatus' });
export type MailStatus = z.infer<typeof MailStatus>;

export const ResetLink = z
  .object({
    path: z.string().describe('Path of the page that sets the password, with the token; shown only once.'),
    expiresAt: Timestamp,
    mail: MailState,
  })
  .meta({ id: 'ResetLink' });
export type ResetLink = z.infer<typeof ResetLink>;
