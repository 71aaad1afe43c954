/** Results and attendance of an exam as files. */
export const results = {
  results: {
    label: 'Results as a file',
    csv: 'Results as CSV',
    xlsx: 'Results as XLSX',
    /** Name of a file, without its ending. */
    file: (exam: string) => `Results ${exam}`,
  },
  attendance: {
    label: 'Attendance as a file',
    csv: 'Attendance as CSV',
    xlsx: 'Attendance as XLSX',
    file: (exam: string) => `Attendance ${exam}`,
  },
};
