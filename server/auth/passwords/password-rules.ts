import { ProtocolError } from '../../../protocol/errors.ts';
import { isCommon } from './common-passwords.ts';
import { isPredictable } from './predictable.ts';

/** Owner of a password; it must not contain these. */
export interface PasswordOwner {
  readonly email: string;
  readonly name?: string | undefined;
}

const MIN = 8;
/** Names of the product and its purpose. */
const OURS = ['invigil', 'proctor', 'proctoring', 'exam', 'exams'];
/** Minimum length of a name part that is considered. */
const MIN_PART = 3;
/** Up to this many characters around a name, the password is still easy to guess. */
const MAX_AROUND = 6;

const words = (text: string): string[] => text.split(/[^\p{L}\p{N}]+/u).filter((word) => word.length >= MIN_PART);

function wordsOf({ email, name = '' }: PasswordOwner): string[] {
  const [address, whole] = [email.toLowerCase(), name.normalize('NFKC').toLowerCase().trim()];
  const [local = '', domain = ''] = address.split('@');
  return [
    address,
    local,
    ...words(local),
    domain,
    ...words(domain).slice(0, -1),
    whole,
    words(whole).join(''),
    ...words(whole),
    ...OURS,
  ].filter((word) => word.length >= MIN_PART);
}

/** Whether the text is one of the words, or one with a few digits and signs around it. */
function isMadeOf(text: string, known: readonly string[]): boolean {
  return known.some((word) => {
    const at = text.indexOf(word);
    if (at < 0) return false;
    const around = text.slice(0, at) + text.slice(at + word.length);
    return around.length <= MAX_AROUND && !/\p{L}/u.test(around);
  });
}

function faultOf(password: string, owner: PasswordOwner): string | undefined {
  const text = password
    .normalize('NFKC')
    .replaceAll(/\p{Cf}/gu, '')
    .trim()
    .toLowerCase();
  if ([...text].length < MIN) return `must have at least ${MIN} characters, not counting spaces around them`;
  if (isMadeOf(text, wordsOf(owner))) return 'must not be the email address, a name or the name of this service';
  if (isPredictable(text)) return 'must not be a pattern, such as repeated characters, a sequence or neighbouring keys';
  if (isCommon(text)) return 'is one of the most common passwords';
  return undefined;
}

/**
 * Password rules of NIST SP 800-63B and ASVS 5.0, 6.2: a minimum length, no easily guessed password, no composition
 * rules. Applies to new passwords only.
 * @param field path in the request
 * @throws ProtocolError `weak_password` with the reason and without the password
 */
export function checkNewPassword(password: string, owner: PasswordOwner, field = 'body.password'): void {
  const fault = faultOf(password, owner);
  if (fault)
    throw new ProtocolError('weak_password', `the password ${fault}; try a few unrelated words`, {
      ref: field,
      fields: [{ field, message: fault }],
    });
}
