import type { User } from '../../../../protocol/http/accounts.ts';
import type { SecondFactor } from '../../../../protocol/http/second-factors.ts';

/** The account page: name, password, two-factor authentication, logins. */
export const account = {
  page: 'Account',
  loginTitle: 'Log in to your account',
  exams: 'Exams',
  console: 'Console',
  title: 'Your account',
  name: 'Name',
  email: 'Email',
  role: 'Role',
  roles: {
    student: 'Student',
    proctor: 'Proctor',
    reviewer: 'Reviewer',
    manager: 'Exam manager',
    admin: 'Administrator',
  } satisfies Record<User['role'], string>,

  changeName: 'Save name',
  nameChanged: 'Name saved.',
  nameFixed:
    'Your name identifies you in exams, so you cannot change it yourself. Is it wrong? Ask the exam office to correct it.',

  changePassword: 'Change password',
  changePasswordEffect: 'Changing the password logs you out everywhere else.',
  currentPassword: 'Current password',
  newPassword: 'New password',
  passwordChanged: 'Password changed.',
  resetTitle: 'Set a new password',
  resetFor: (email: string) => `For the account ${email}.`,
  welcome: (name: string) => `Welcome, ${name}`,
  firstFor: (email: string) => `Choose a password. You log in with it and with your address: ${email}.`,
  firstDone: (email: string) => `Log in with ${email} and your password.`,
  linkClosed: 'Ask the people who gave you the link for a new one.',
  goTo: { '/exam': 'To your exams', '/console': 'To the console', '/admin': 'To the administration' },
  setPassword: 'Set password',
  resetDoneTitle: 'Password set',
  resetDone: 'You were logged out everywhere. Log in with your new password.',

  logins: 'Where you are logged in',
  thisDevice: 'This device',
  unknownDevice: 'Unknown device',
  since: (start: string, lastUse: string) => `Since ${start} · last active ${lastUse}`,
  logOutDevice: (device: string, start: string) => `Log out ${device}, since ${start}`,
  logOutOthers: 'Log out everywhere else',

  factors: 'Two-factor authentication',
  factorRequired: 'Your role requires two-factor authentication. Add a method to continue.',
  noFactors: 'Not set up. With a second factor, your password alone is not enough to log in.',
  kinds: { totp: 'Authenticator app', passkey: 'Passkey' } satisfies Record<SecondFactor['kind'], string>,
  factorAdded: (kind: string, date: string) => `${kind} · added ${date}`,
  factorLastUsed: (date: string) => `last used ${date}`,
  factorUnused: 'never used',
  addApp: 'Add an authenticator app',
  addPasskey: 'Add a passkey',
  passkeyName: (date: string) => `Passkey of ${date}`,
  passkeysUnsupported:
    'Passkeys need a browser that supports them and an address with a host name over https (or localhost).',
  rename: 'Rename',
  renameFactor: (name: string) => `Rename ${name}`,
  remove: 'Remove',
  removeFactor: (name: string) => `Remove ${name}`,
  removeTitle: (name: string) => `Remove ${name}?`,
  removeLast:
    'This is your only second factor. Without it, your password alone is enough to log in, ' +
    'and your recovery codes stop working.',
  removeOne: 'You will no longer be able to log in with it.',

  appInstructions: 'Scan the QR code with your app, or enter the key by hand. Then enter the code that the app shows.',
  appQrCode: 'QR code for the authenticator app',
  appKey: 'Key:',
  code: 'Code',
  codeHint: '6 digits',
  confirm: 'Confirm',

  recoveryCodes: 'Your recovery codes',
  recoveryCodesUse:
    'Each code logs you in once if you lose your second factor. They are not shown again: ' +
    'print them or store them with your passwords.',
  recoveryCodesSaved: 'I have saved these codes',
  recoveryCodesLeft: (count: number) => `${count} of 10 recovery codes left`,
  recoveryCodesLow: 'Generate new ones soon.',
  newRecoveryCodes: 'Generate new recovery codes',
};
