/** Search for people. */
export const people = {
  searchHint: 'Name or email address',
  noneFound: (text: string) => `Nobody found for “${text}”.`,
  found: 'People found',
  actOn: (action: string, name: string) => `${action}: ${name}`,
};
