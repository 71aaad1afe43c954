/** Used by every page. */
export const common = {
  pageTitle: (page: string) => `${page} · Invigil`,
  yourAccount: 'Your account',
  logOut: 'Log out',
  help: 'Help',
  loading: 'Loading…',
  droppedFilters: (parts: string) =>
    `This address has filters that do not exist: ${parts}. The list is shown without them.`,
  refresh: 'Refresh',
  retry: 'Try again',
  back: 'Back',
  cancel: 'Cancel',
  copy: 'Copy',
  copied: 'Copied',
  print: 'Print',
  foreignAnswer: (status: number) =>
    `Something between this device and the server answered in its place (status ${status}), for example the login page of a network. Check your connection and try again.`,
  serverUnreachable: 'The server is not responding. Check your connection and try again.',
  crashed: 'This page has stopped working.',
  crashedAdvice: 'Reload it. A running exam continues where it was, and events that were not sent yet are kept.',
  reload: 'Reload',
  /** Of a risk level that a review has changed. */
  levelBefore: (level: string) => `${level} before review`,
  loginRequired: 'Please log in.',
  loginExpired: 'Your login has expired. Please log in again.',
};
