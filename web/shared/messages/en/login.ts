import type { ProofMethod } from '../../../../protocol/http/second-factors.ts';

/** Login, registration, two-factor authentication. */
export const login = {
  logIn: 'Log in',
  register: 'Create an account',
  name: 'Name',
  email: 'Email',
  password: 'Password',
  passwordHint: 'At least 8 characters. Avoid common passwords: a few unrelated words work well.',
  noAccountYet: 'No account yet?',
  alreadyRegistered: 'Already have an account?',
  registerAsStudent: 'Create a student account',

  secondStep: 'Two-factor authentication',
  again: 'Your login has ended',
  againWhy:
    'The server has ended it: its time is over, or it was ended elsewhere. Log in again, and what you were doing goes on; nothing that you typed is lost.',
  againNot: 'Log out and leave the page',
  confirmIdentity: 'Confirm your identity',
  confirmIdentityWhy: 'Sensitive changes need a fresh confirmation. It is valid for 10 minutes.',
  confirm: 'Confirm',
  code: 'Code',
  codeHint: 'The 6-digit code from your authenticator app',
  recoveryCode: 'Recovery code',
  recoveryCodeHint: 'Each code works once',
  passkeyPrompt: 'Your browser will ask for a passkey of this account.',
  noUsablePasskey: 'None of your passkeys works on this page. Use another method.',
  passkeyExists: 'This device already has a passkey for your account.',
  passkeyCancelled: 'The passkey request was cancelled or timed out. Please try again.',
  useMethod: {
    passkey: 'Use a passkey',
    totp: 'Use an authenticator app',
    recovery: 'Use a recovery code',
    password: 'Use your password',
  } satisfies Record<ProofMethod, string>,
};
