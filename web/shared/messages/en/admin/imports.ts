import type { ImportKind } from '../../../../../protocol/http/imports.ts';

/** Import of people and enrolments. */
export const imports = {
  title: 'Import',
  link: 'Import or export',
  kindsLabel: 'What to import',
  kinds: { people: 'People', enrolments: 'Enrolments', oneroster: 'OneRoster' } satisfies Record<ImportKind, string>,
  choose: 'File and terms',
  about: {
    people:
      'A CSV file with one person a row. People who have an account already are changed, others get one. Nothing is deleted.',
    enrolments:
      'A CSV file with one student a row: room, seat, extra minutes and accommodation profile. Students need an account first.',
    oneroster:
      'A zip file of OneRoster 1.2 CSV files, as student information systems export it: people, and their enrolments in the exam of their class.',
  } satisfies Record<ImportKind, string>,
  file: 'File',
  fileHints: {
    people: 'Choose a CSV file, or drop it here. It is checked first; nothing is written yet.',
    enrolments: 'Choose a CSV file, or drop it here. It is checked first; nothing is written yet.',
    oneroster: 'Choose a zip file, or drop it here. It is checked first; nothing is written yet.',
  } satisfies Record<ImportKind, string>,
  tooLarge: (mib: string) => `The file is larger than ${mib} MiB. Split it.`,
  unreadable: 'The browser cannot read this file. Choose a file, not a folder, and close it in other programs.',
  role: 'Role of new people',
  roleHint: 'For rows without a role',
  exam: 'Exam',
  examOf: {
    enrolments: { none: 'Each row names its exam', hint: 'For rows that name no exam' },
    oneroster: {
      none: 'The exam with the title of the class',
      hint: 'One exam for all classes, or the exam with the title of each class',
    },
  },
  running: { preview: 'Checking the file…', apply: 'Importing…' },
  repeatable:
    'The import may have taken effect. Import the same file again: rows that are stored already stay as they are.',

  columnsTitle: 'Columns of the file',
  /** Names as files have them, with an example. */
  columns: {
    people: [
      ['email', 'ana@example.org', 'Email address, with which the person logs in. New people need one.'],
      ['name', 'Ana Pérez', 'Full name; or two columns, first name and last name.'],
      ['role', 'student', 'student, proctor, reviewer, manager or admin. Empty: the role chosen above.'],
      ['student number', 'S-1024', 'Unique in the organisation. Optional.'],
      ['external id', '', 'Id in your own system. Finds the person even if name and address change. Optional.'],
    ],
    enrolments: [
      ['email', 'ana@example.org', 'Email address of the student.'],
      ['student number', '', 'Instead of the address.'],
      ['exam', '', 'Title of the exam, or a column exam id. Empty: the exam chosen above.'],
      ['room', 'A 101', 'Room or group. Proctors can be assigned to it.'],
      ['seat', '12', 'Seat in the room.'],
      ['extra minutes', '0', 'Whole minutes of extra time, 0 to 1440.'],
      ['accommodations', '', 'Name of an accommodation profile.'],
    ],
  } as Readonly<
    Record<Exclude<ImportKind, 'oneroster'>, readonly (readonly [name: string, example: string, text: string])[]>
  >,
  columnsHint:
    'The first row names the columns, in any order and in any case. Other columns are not read. Empty cells change nothing. CSV files as Excel writes them work as they are: commas, semicolons or tabs, UTF-8 or Windows-1252.',
  template: 'Download an example',
  oneRosterFiles:
    'Read from the zip: users.csv, roles.csv, classes.csv and enrollments.csv. Students and proctors get accounts; others are left out.',

  preview: (file: string) => `Preview of ${file}`,
  counts: {
    people: { created: 'New people', changed: 'Changed people', unchanged: 'Unchanged people' },
    enrolments: { created: 'New enrolments', changed: 'Changed enrolments', unchanged: 'Unchanged enrolments' },
  },
  wrongRows: 'Wrong rows',
  nothingWritten: {
    one: 'Nothing can be imported yet: # row is wrong. Correct it in the file, save it and choose it again.',
    other: 'Nothing can be imported yet: # rows are wrong. Correct them in the file, save it and choose it again.',
  },
  noChanges: 'Everything in this file is stored already. There is nothing to import.',
  ready: 'No faults. The import writes everything together, or nothing if something goes wrong.',
  apply: 'Import',
  faults: 'Faults',
  warnings: 'Warnings',
  warningsHint: 'They do not stop the import. Check them.',
  inFile: 'File',
  row: 'Row',
  column: 'Column',
  fault: 'Note',
  wholeFile: 'Whole file',
  saveNotes: { faults: 'Download the faults as CSV', warnings: 'Download the warnings as CSV' },
  firstOnly: (shown: string, all: string) => `The first ${shown} of ${all} are listed. The CSV file has them all.`,
  firstChanges: (shown: string, all: string) => `The first ${shown} of ${all} are listed.`,
  changesTitle: (count: string) => `Changes: ${count}`,
  subject: 'Person',
  effect: 'Effect',
  values: 'Values',
  actions: {
    person: { create: 'New account', change: 'Account changed' },
    enrolment: { create: 'New enrolment', change: 'Enrolment changed' },
  },
  fields: {
    email: 'address',
    name: 'name',
    firstName: 'first name',
    lastName: 'last name',
    role: 'role',
    studentNumber: 'student number',
    externalId: 'external id',
    exam: 'exam',
    examId: 'exam id',
    room: 'room',
    seat: 'seat',
    extraMinutes: 'extra minutes',
    accommodations: 'accommodation profile',
  } as Readonly<Record<string, string>>,
  newValue: (field: string, to: string) => `${field} ${to}`,
  changedValue: (field: string, from: string, to: string) => `${field} ${from} → ${to}`,
  readTitle: 'How the file was read',
  rows: { one: '# row', other: '# rows' },
  readAs: ({ rows, encoding, separator }: { rows: string; encoding: string; separator: string }) =>
    `${rows}, ${encoding}, separated by ${separator}.`,
  separators: { ',': 'commas', ';': 'semicolons', '\t': 'tabs', '|': 'vertical bars' } as Readonly<
    Record<string, string>
  >,
  columnsRead: 'Columns',
  readColumn: (header: string, field: string | undefined) => `${header}: ${field ?? ''}`,
  notRead: (header: string) => `${header}: not read`,
  encoding: 'Character encoding',
  encodingHint: 'Choose another one if letters with accents look wrong above',
  recognised: 'Recognised',

  done: 'Imported',
  doneHint: 'Importing the same file again changes nothing.',
  toEnrolments: 'Import enrolments',
  toExam: 'Show the exam',
  toExams: 'Show exams',
  toPeople: 'Show people',
  toStudents: 'Show students of the exam',
  another: 'Import another file',
  invite: { one: 'Invite # new person', other: 'Invite # new people' },
  inviteHint:
    'New accounts have no password. With an invitation link, its owner sets one. A link works once, for 14 days, and replaces an earlier one.',
  makeLinks: 'Make invitation links',
  mailLinks: 'Make links and send them by mail',
  mailOff:
    'This server sends no mail: it has no mail server (SMTP) in its settings. Download the links and hand them out yourself.',
  making: (made: string, all: string) => `Making links: ${made} of ${all}.`,
  made: { one: '# link is made.', other: '# links are made.' },
  leftOut: {
    one: '# account has no link: it was disabled or deleted meanwhile.',
    other: '# accounts have no link: they were disabled or deleted meanwhile.',
  },
  linksOnce: (time: string) => `Download them now: they are not shown again. Valid until ${time}.`,
  saveLinks: 'Download the links as CSV',
  linkOf: (name: string) => `Link of ${name}`,
  leaveLinks: 'The links have not been downloaded, and are not shown again. Leave all the same?',
  validUntil: 'Valid until',
  restInFile: (count: string) => `${count} more are in the file.`,
  mailsQueued: { one: '# mail is waiting to be sent.', other: '# mails are waiting to be sent.' },
  mailsSent: 'All mails are sent.',
  mailsFailed: { one: '# mail could not be sent:', other: '# mails could not be sent:' },
  mailFault: (name: string, email: string, error: string) => `${name} (${email}): ${error}`,

  exportTitle: { people: 'Export people', enrolments: 'Export enrolments' },
  exportHint: 'A CSV file with the same columns. Change it in a spreadsheet and import it again.',
  exportNeedsExam: 'Choose an exam above.',
  exportNow: 'Download CSV',
};
