/** Organisations, which own exams and people. */
export const organisations = {
  title: 'Organisations',
  about: 'Each organisation has its own exams and people. Only administrators see all of them.',
  add: 'Add an organisation',
  addHint: 'For another faculty or institution on this server, with exams and people of its own.',
  name: 'Name',
  newName: 'Name of the new organisation',
  created: 'Created',
  added: (name: string) => `${name} is added.`,
  rename: 'Rename',
  renameOne: (name: string) => `Rename ${name}`,
  own: 'yours',
  ofId: (name: string, id: string) => `${name} (…${id})`,
  organisation: 'Organisation',
  peopleOf: (name: string) => `People of ${name}`,
};
