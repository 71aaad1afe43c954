import type { Mail } from './mailer.ts';

export interface VerdictMail {
  readonly to: { readonly name: string; readonly email: string };
  readonly exam: string;
  readonly link: string;
  /** `released`: a verdict can be seen; `decided`: the outcome of the appeal can. */
  readonly kind: 'released' | 'decided';
  readonly answerUntil?: Date | null;
  readonly appealUntil?: Date | null;
}

const WHEN = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'short', timeZone: 'UTC' });

/** Mail that tells a student to look; what was decided is on the page only, behind their login. */
export function verdictMail({ to, exam, link, kind, answerUntil, appealUntil }: VerdictMail): Mail {
  const isRelease = kind === 'released';
  const until = (what: string, at: Date | null | undefined) => (at ? [`${what} until ${WHEN.format(at)} UTC.`] : []);
  const lines = [
    `Hello ${to.name},`,
    isRelease
      ? `the review of your exam “${exam}” has a result. You can read it, with its reasons, here:`
      : `your appeal about your exam “${exam}” has been decided. You can read the outcome here:`,
    link,
    ...(isRelease ? [...until('You may answer it', answerUntil), ...until('You may appeal', appealUntil)] : []),
  ];
  return {
    to: to.email,
    subject: isRelease ? 'Result of the review of your exam' : 'Outcome of your appeal',
    text: `${lines.join('\n\n')}\n`,
  };
}
