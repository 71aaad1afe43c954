/** Field for a time by the clock of a zone. */
export const zoned = {
  noTime: 'Not set',
  skipped: (zone: string) =>
    `This time does not exist: the clock of ${zone} skips it on that day. Choose an earlier or later one.`,
  twice: (field: string) => `${field}: which of the two`,
  twiceHint: 'The clock is set back on that day, so this time comes twice.',
  first: (offset: string) => `The first, in ${offset}`,
  second: (offset: string) => `The second, in ${offset}`,
};
