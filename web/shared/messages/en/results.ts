/** Results of an exam as files. */
export const results = {
  label: 'Results as a file',
  csv: 'Results as CSV',
  xlsx: 'Results as XLSX',
  /** Name of a file, without its ending. */
  file: (exam: string) => `Results ${exam}`,
};
