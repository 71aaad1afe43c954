/** First start: the page that creates the first administrator. */
export const setup = {
  page: 'Setup',
  title: 'Create the first administrator',
  name: 'Name',
  email: 'Email',
  create: 'Create account',
  doneTitle: 'Setup complete',
  done: 'You are logged in as the first administrator. The setup link no longer works.',
  next: 'The administration area has the next steps: make an exam, add people, assign proctors, try it as a student.',
  openAdministration: 'Open the administration area',
  linkTitle: 'Setup link required',
  link:
    'On its first start, a server without an administrator prints a link to this page. ' +
    'Open that link in full, including everything after the # sign.',
};
