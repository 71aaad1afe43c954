/** Separator of CSV files. */
export const separators = {
  label: 'Separator',
  names: { comma: 'Comma', semicolon: 'Semicolon', tab: 'Tab' },
};
