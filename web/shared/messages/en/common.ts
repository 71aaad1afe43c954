/** Used by every page. */
export const common = {
  pageTitle: (page: string) => `${page} · Invigil`,
  yourAccount: 'Your account',
  logOut: 'Log out',
  loading: 'Loading…',
  refresh: 'Refresh',
  retry: 'Try again',
  back: 'Back',
  cancel: 'Cancel',
  copy: 'Copy',
  copied: 'Copied',
  print: 'Print',
  serverAnswered: (status: number) => `The server responded with status ${status}.`,
  serverUnreachable: 'The server is not responding. Check your connection and try again.',
  loginRequired: 'Please log in.',
  loginExpired: 'Your login has expired. Please log in again.',
};
