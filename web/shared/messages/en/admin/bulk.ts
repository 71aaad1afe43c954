import { number } from '../../numbers.ts';

/** Actions on many accounts. */
export const bulk = {
  bar: 'Actions for the selection',
  selectOne: (name: string) => `Select ${name}`,
  selectShown: 'Select all shown',
  selectFound: 'Select all that match',
  firstOnly: (count: string) => `The first ${count} are selected.`,
  selected: { one: '# person selected', other: '# people selected' },
  clear: 'Clear selection',
  invite: { one: 'Invite # person without a password', other: 'Invite # people without a password' },
  reset: { one: 'Password link for # person', other: 'Password links for # people' },
  resetHint:
    'With the link, a person sets a new password. It works once, for one day, and replaces an earlier one. The present password works until then.',
  makeResetLinks: 'Make password links',
  close: 'Close',
  acts: {
    disable: {
      name: 'Disable',
      title: { one: 'Disable # account?', other: 'Disable # accounts?' },
      effect:
        'Disabled accounts are logged out everywhere and cannot log in. Their records stay. They can be enabled again.',
      done: { one: '# account is disabled.', other: '# accounts are disabled.' },
    },
    enable: {
      name: 'Enable',
      title: { one: 'Enable # account?', other: 'Enable # accounts?' },
      effect: 'The accounts can log in again.',
      done: { one: '# account is enabled.', other: '# accounts are enabled.' },
    },
    anonymise: {
      name: 'Anonymise',
      title: { one: 'Anonymise # account?', other: 'Anonymise # accounts?' },
      effect:
        'Name, address and numbers are replaced by a pseudonym, which sessions, reviews and reports then show. The accounts are disabled; passwords, links, second factors and assignments are removed. This cannot be undone.',
      effectOne:
        'Name, address and numbers are replaced by a pseudonym, which sessions, reviews and reports then show. The account is disabled; its password, links, second factors and assignments are removed. This cannot be undone.',
      done: { one: '# account is anonymised.', other: '# accounts are anonymised.' },
    },
  },
  titleOne: (act: string, name: string) => `${act}: ${name}?`,
  names: (names: readonly string[], all: number) =>
    names.join(', ') + (all > names.length ? `, and ${number(all - names.length)} more` : ''),
  confirm: (phrase: string) => `To confirm, type: ${phrase}`,
  phrase: { one: 'anonymise # person', other: 'anonymise # people' },
  ownLeftOut: 'Your own account is left out.',
  progress: (done: string, all: string) => `${done} of ${all} done.`,
  stop: 'Stop',
  failed: { one: '# account was not changed:', other: '# accounts were not changed:' },
  fault: (name: string, problem: string) => `${name}: ${problem}`,
  moreFaults: { one: 'and # more', other: 'and # more' },
  anonymiseOne: 'Anonymise account',
};
