import { z } from 'zod';
import { Id } from '../events.ts';
import { IMPORT_ENCODINGS, IMPORT_LIMITS } from '../import-limits.ts';
import { Role } from './accounts.ts';
import { OrganisationId } from './organisations.ts';
import { MadeLink } from './passwords.ts';

/** Import and export of people and enrolments. */

export const ImportKind = z
  .enum(['people', 'enrolments', 'oneroster'])
  .describe(
    '`people` and `enrolments`: a CSV file. `oneroster`: a zip of OneRoster 1.2 CSV files (users, roles, classes, enrollments).',
  );
export type ImportKind = z.infer<typeof ImportKind>;

export const ImportEncoding = z.enum(IMPORT_ENCODINGS);
export type ImportEncoding = z.infer<typeof ImportEncoding>;

const ImportFile = z.instanceof(Uint8Array).meta({
  type: 'string',
  format: 'binary',
  description: `At most ${IMPORT_LIMITS.rows} rows of ${IMPORT_LIMITS.columns} columns and ${IMPORT_LIMITS.cell} characters a cell.`,
});

export const ImportForm = z.object({
  file: ImportFile,
  kind: ImportKind,
  role: Role.default('student').describe('Role of new people without one in the file.'),
  examId: Id.optional().describe('Exam of rows without one in the file; for OneRoster, the exam of all classes.'),
  organisationId: OrganisationId.optional(),
  encoding: ImportEncoding.optional().describe('Default: recognised.'),
});
export type ImportForm = z.output<typeof ImportForm>;

export const ApplyForm = ImportForm.extend({
  digest: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional()
    .describe(
      'Digest of the preview; another file or other options are refused, and other changes than it said (`changed_meanwhile`).',
    ),
  links: z
    .enum(['none', 'return', 'send'])
    .default('none')
    .describe('Invitations for new people: none, returned, or returned and also sent by mail.'),
});
export type ApplyForm = z.output<typeof ApplyForm>;

export const NotesForm = ImportForm.extend({
  list: z.enum(['faults', 'warnings']).default('faults'),
  separator: z.enum(['comma', 'semicolon', 'tab']).default('comma'),
});
export type NotesForm = z.output<typeof NotesForm>;

/** A place in a file and what is to be said about it. */
export const ImportNote = z.object({
  file: z.string().nullable().describe('Name within a zip.'),
  row: z.int().nullable().describe('As a spreadsheet numbers it: the first line is 1. Null: the whole file.'),
  column: z.string().nullable().describe('As the header has it; null: the whole row.'),
  subject: z.string().nullable().describe('Name or address in the row, as far as it has one.'),
  message: z.string(),
});
export type ImportNote = z.infer<typeof ImportNote>;

export const ImportChange = z.object({
  file: z.string().nullable(),
  row: z.int(),
  what: z.enum(['person', 'enrolment']),
  action: z.enum(['create', 'change']),
  subject: z.string().describe('Name and address; for an enrolment, also the exam.'),
  fields: z.array(
    z.object({ field: z.string(), from: z.string().nullable(), to: z.string().nullable() }).meta({ id: 'ImportField' }),
  ),
});
export type ImportChange = z.infer<typeof ImportChange>;

const Counts = z.object({ created: z.int(), changed: z.int(), unchanged: z.int() });
const listed = <T extends z.ZodType>(item: T) =>
  z.object({
    count: z.int(),
    items: z
      .array(item)
      .describe(`The first ${IMPORT_LIMITS.listed}; of faults and warnings, \`POST /api/import/notes\` returns all.`),
  });

/** Result of a preview or an import. With faults, nothing is written. */
export const ImportReport = z
  .object({
    kind: ImportKind,
    applied: z.boolean(),
    digest: z
      .string()
      .describe(
        'Of the file, of the options `kind`, `role`, `examId`, `organisationId` and `encoding`, and of everything that would change, hex.',
      ),
    files: z.array(
      z.object({
        name: z.string().nullable(),
        encoding: ImportEncoding,
        separator: z.string(),
        /** Without the header and empty rows. */
        rows: z.int(),
        columns: z.array(
          z.object({ header: z.string(), field: z.string().nullable().describe('Null: the column is not read.') }),
        ),
      }),
    ),
    people: Counts,
    enrolments: Counts,
    wrongRows: z.int().describe('Rows with at least one fault.'),
    faults: listed(ImportNote),
    warnings: listed(ImportNote),
    changes: listed(ImportChange),
    exams: z
      .array(z.object({ id: Id, title: z.string() }))
      .describe(`Exams whose enrolments it changes, at most ${IMPORT_LIMITS.exams}.`),
    created: z.array(Id).describe('Accounts that were created; empty in a preview.'),
    links: z.array(MadeLink).describe('Invitations for new people, if asked for; shown only here.'),
  })
  .meta({ id: 'ImportReport' });
export type ImportReport = z.infer<typeof ImportReport>;

const ExportFormat = z.object({
  bom: z
    .enum(['true', 'false'])
    .default('true')
    .transform((value) => value === 'true')
    .describe('Byte order mark, by which Excel recognises UTF-8.'),
  separator: z.enum(['comma', 'semicolon', 'tab']).default('comma'),
});
export const PeopleExportQuery = ExportFormat.extend({
  role: Role.optional(),
  organisation: Id.optional().describe(
    'Required of admins once there are several organisations; managers export their own.',
  ),
  disabled: z
    .enum(['true', 'false'])
    .transform((value) => value === 'true')
    .optional(),
});
export const EnrolmentsExportQuery = ExportFormat;
export const ResultExportQuery = ExportFormat;
export type ExportFormat = z.output<typeof ExportFormat>;
