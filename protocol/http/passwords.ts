import { z } from 'zod';
import { Timestamp } from '../events.ts';
import { NewPassword } from './accounts.ts';

/** Changing and resetting passwords. */

export const ChangePasswordBody = z.strictObject({
  currentPassword: z.string().min(1).max(1024),
  newPassword: NewPassword,
});

export const RedeemResetBody = z.strictObject({ token: z.string().min(1).max(128), newPassword: NewPassword });

export const ResetLinkBody = z.strictObject({
  removeSecondFactors: z
    .boolean()
    .default(false)
    .describe('For a user who lost their second factors: using the link removes them.'),
});
export const ResetLink = z
  .object({
    path: z.string().describe('Path of the page that sets the password, with the token; shown only once.'),
    expiresAt: Timestamp,
  })
  .meta({ id: 'ResetLink' });
export type ResetLink = z.infer<typeof ResetLink>;
