import { z } from 'zod';
import { ConfigError } from './error.ts';

export const mailSettings = z.object({
  SMTP_FROM: z.string().min(3).max(320).includes('@', { message: 'must be an email address' }).optional(),
});

export interface MailConfig {
  /** Sender of mails; undefined: none are sent. */
  readonly mailFrom: string | undefined;
}

/** @throws ConfigError for one of the two without the other, or without the address that links begin with */
export function mailConfig(
  { SMTP_URL: url, SMTP_FROM: from }: z.output<typeof mailSettings> & { readonly SMTP_URL?: string | undefined },
  publicUrls: readonly string[],
): MailConfig {
  if ((url === undefined) !== (from === undefined))
    throw new ConfigError('SMTP_URL and SMTP_FROM: set both, or neither');
  if (url !== undefined && publicUrls.length === 0)
    throw new ConfigError('SMTP_URL: set PUBLIC_URL, too: links in mails begin with it');
  return { mailFrom: from };
}
