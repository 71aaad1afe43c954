/** Import of people and enrolments. */
export const imports = {
  title: 'Import',
};
