/** Answer to an address without a page. */
export const notFound = {
  page: 'Page not found',
  title: 'There is no page at this address',
  hint: 'Check the address, or continue from one of these pages.',
  home: 'Start page',
  exam: 'Your exams',
  console: 'Proctor console',
};
