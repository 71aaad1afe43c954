/** Bounds of an imported file. No imports: also part of pages. */
export const IMPORT_LIMITS = {
  /** Bytes, also of each file of a zip once it is unpacked. */
  bytes: 8 * 1024 * 1024,
  rows: 20_000,
  columns: 64,
  /** Characters. */
  cell: 1000,
  /** Faults, warnings and changes in a report. */
  listed: 500,
  /** Exams in a report. */
  exams: 20,
} as const;

/** Encodings that an import can be told to read. */
export const IMPORT_ENCODINGS = [
  'utf-8',
  'utf-16le',
  'utf-16be',
  'windows-1252',
  'windows-1250',
  'windows-1251',
  'iso-8859-2',
] as const;
