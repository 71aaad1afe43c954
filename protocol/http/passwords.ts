import { z } from 'zod';
import { Timestamp } from '../events.ts';
import { NewPassword } from './accounts.ts';

/** Setting passwords after an account was made. */

export const ChangePasswordBody = z.strictObject({
  currentPassword: z.string().min(1).max(1024),
  newPassword: NewPassword,
});

export const RedeemResetBody = z.strictObject({ token: z.string().min(1).max(128), newPassword: NewPassword });

export const ResetLinkBody = z.strictObject({
  removeSecondFactors: z
    .boolean()
    .default(false)
    .describe('For somebody who has lost them: using the link removes them.'),
});
export const ResetLink = z
  .object({
    path: z.string().describe('Of the page where the password is set, with the token; shown this once.'),
    expiresAt: Timestamp,
  })
  .meta({ id: 'ResetLink' });
export type ResetLink = z.infer<typeof ResetLink>;
