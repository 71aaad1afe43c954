import { ProtocolError } from '../../../protocol/errors.ts';
import { isCommon } from './common-passwords.ts';
import { isPredictable } from './predictable.ts';

/** Whom a password is for: none may be made of it. */
export interface PasswordOwner {
  readonly email: string;
  readonly name?: string | undefined;
}

const MIN = 8;
/** Names of the product and of what it is for. */
const OURS = ['invigil', 'proctor', 'proctoring', 'exam', 'exams'];
/** A shorter part of a name says too little. */
const MIN_PART = 3;
/** What stands around a name may be so long without making it hard to guess. */
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

/** Whether it is one of the words, or one with a few digits and signs around it. */
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
  if (isMadeOf(text, wordsOf(owner))) return 'must not be the e-mail address, a name or the name of this service';
  if (isPredictable(text)) return 'must not be a pattern, such as repeated characters, a sequence or neighbouring keys';
  if (isCommon(text)) return 'is one of the most common passwords';
  return undefined;
}

/**
 * Rules of NIST SP 800-63B and ASVS 5.0, 6.2: a length, nothing that is guessed first, and no rule of composition. For
 * every password that is set; one that is only checked is compared and nothing else.
 * @param field its place in the request
 * @throws ProtocolError `weak_password` that says why, and never shows the password
 */
export function checkNewPassword(password: string, owner: PasswordOwner, field = 'body.password'): void {
  const fault = faultOf(password, owner);
  if (fault)
    throw new ProtocolError('weak_password', `the password ${fault}; try a few unrelated words`, {
      ref: field,
      fields: [{ field, message: fault }],
    });
}
