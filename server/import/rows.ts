import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { Accommodations } from '../../protocol/accommodations.ts';
import { Email, ExternalId, Role, StudentNumber } from '../../protocol/http/accounts.ts';
import { Room, Seat } from '../../protocol/http/enrolments.ts';
import { line } from '../../protocol/text.ts';
import { type Columns, columnsOf, ENROLMENT_FIELDS, PEOPLE_FIELDS } from './fields.ts';
import type { Findings } from './findings.ts';
import type { NamedTable } from './read-file.ts';
import type { TableRow } from './read-table.ts';

/** How a row names a person. */
export interface Identity {
  readonly email: string | undefined;
  readonly studentNumber: string | undefined;
  readonly externalId: string | undefined;
}

interface Place {
  readonly file: string | null;
  readonly row: number;
  /** Header of a field. */
  readonly column: (field: string) => string | undefined;
}

/** An empty cell is undefined, and changes nothing. */
export interface PersonRow extends Identity, Place {
  readonly name: string | undefined;
  readonly role: Role | undefined;
}

export interface EnrolmentRow extends Place {
  readonly person: Identity;
  readonly examId: string | undefined;
  readonly examTitle: string | undefined;
  readonly room: string | undefined;
  readonly seat: string | undefined;
  readonly extraMinutes: number | undefined;
  /** Name of an accommodation profile. */
  readonly accommodations: string | undefined;
}

/** Number that a spreadsheet has rounded to fit its column: `2.02412E+11`, which is many numbers. */
const SHORTENED = /^\d[.,]\d+E\+\d+$/i;
const IDS: readonly string[] = ['studentNumber', 'externalId'];

/** Rows that are read in one turn of the event loop. */
const SLICE = 100;

const ROLES: Readonly<Record<string, Role>> = {
  invigilator: 'proctor',
  examiner: 'reviewer',
  administrator: 'admin',
  // As pages name it.
  'exam manager': 'manager',
};
const RoleName = z
  .string()
  .toLowerCase()
  .transform((name) => name.replace(/[\s_-]+/g, ' ').trim())
  .transform((name) => ROLES[name] ?? name)
  .pipe(Role);
const Minutes = z
  .string()
  .regex(/^\d{1,4}$/)
  .transform(Number)
  .pipe(Accommodations.shape.extraMinutes);

const WORDS = {
  email: 'is not an email address',
  role: `is not a role: ${Role.options.join(', ')}`,
  extraMinutes: 'must be whole minutes, from 0 to 1440',
  examId: 'is not the id of an exam',
} as const;

const SCHEMAS = {
  email: Email,
  name: line(200),
  role: RoleName,
  studentNumber: StudentNumber,
  externalId: ExternalId,
  examId: z.guid(),
  exam: line(400),
  room: Room,
  seat: Seat,
  extraMinutes: Minutes,
  accommodations: line(400),
} as const;
type Schemas = typeof SCHEMAS;

const inWords = (issue: z.core.$ZodIssue | undefined): string =>
  issue?.code === 'too_big' && issue.origin === 'string' && !issue.message.startsWith('must')
    ? `must be at most ${issue.maximum} characters`
    : (issue?.message ?? 'is not valid');

/** Reads the values of one row and notes their faults. */
class RowReader {
  isGood = true;
  readonly #columns: Columns<string>;
  readonly #row: TableRow;
  readonly #file: string | null;
  readonly #findings: Findings;

  constructor(columns: Columns<string>, row: TableRow, file: string | null, findings: Findings) {
    this.#columns = columns;
    this.#row = row;
    this.#file = file;
    this.#findings = findings;
    const shown = ['name', 'lastName', 'email', 'studentNumber', 'externalId'].map((field) =>
      columns.value(row, field),
    );
    findings.about(file, row.row, shown.find(Boolean)?.slice(0, 100));
  }

  fault(field: string | undefined, message: string): void {
    this.isGood = false;
    const column = field === undefined ? undefined : this.#columns.header(field);
    this.#findings.fault(this.#file, this.#row.row, column, message);
  }

  value<F extends keyof Schemas>(field: F): z.output<Schemas[F]> | undefined {
    const cell = this.#columns.value(this.#row, field);
    if (cell === undefined) return undefined;
    if (IDS.includes(field) && SHORTENED.test(cell)) {
      this.fault(field, `“${cell.slice(0, 60)}” is a number that a spreadsheet shortened: format the column as text`);
      return undefined;
    }
    const read = SCHEMAS[field].safeParse(cell);
    if (read.success) return read.data as z.output<Schemas[F]>;
    const words = (WORDS as Partial<Record<string, string>>)[field];
    this.fault(field, `“${cell.slice(0, 60)}” ${words ?? inWords(read.error.issues[0])}`);
    return undefined;
  }

  identity(): Identity {
    return {
      email: this.value('email'),
      studentNumber: this.value('studentNumber'),
      externalId: this.value('externalId'),
    };
  }

  /** One cell, or first and last name. */
  name(): string | undefined {
    const whole = this.value('name');
    if (whole !== undefined) return whole;
    const parts = ['firstName', 'lastName'].map((field) => this.#columns.value(this.#row, field)).filter(Boolean);
    if (parts.length === 0) return undefined;
    const read = SCHEMAS.name.safeParse(parts.join(' '));
    if (!read.success) this.fault('lastName', 'the name is not valid');
    return read.data;
  }
}

async function readRows<T>(
  table: NamedTable,
  columns: Columns<string>,
  findings: Findings,
  read: (reader: RowReader, place: Place) => T | undefined,
): Promise<T[]> {
  for (const message of columns.faults) findings.fault(table.name, null, null, message);
  for (const { row, message } of table.faults) findings.fault(table.name, row, null, message);
  const rows: T[] = [];
  for (const [at, row] of table.rows.entries()) {
    if (at % SLICE === 0) await setImmediate();
    const reader = new RowReader(columns, row, table.name, findings);
    const place = { file: table.name, row: row.row, column: (field: string) => columns.header(field) };
    const result = read(reader, place);
    if (result !== undefined && reader.isGood) rows.push(result);
  }
  return rows;
}

const IDENTITY = ['email', 'studentNumber', 'externalId'];

function needsIdentity(columns: Columns<string>, file: string | null, findings: Findings): boolean {
  if (columns.faults.length > 0 || IDENTITY.some((field) => columns.header(field) !== undefined)) return true;
  findings.fault(file, 1, null, 'the header names no column email, student number or external id');
  return false;
}

const hasIdentity = (of: Identity) => Boolean(of.email ?? of.studentNumber ?? of.externalId);

export async function readPeople(table: NamedTable, findings: Findings): Promise<PersonRow[]> {
  const columns: Columns<string> = columnsOf(table, PEOPLE_FIELDS);
  if (!needsIdentity(columns, table.name, findings)) return [];
  return readRows(table, columns, findings, (reader, place) => {
    const person = { ...place, ...reader.identity(), name: reader.name(), role: reader.value('role') };
    if (reader.isGood && !hasIdentity(person))
      reader.fault(undefined, 'has no email address, student number or external id');
    return person;
  });
}

export async function readEnrolments(
  table: NamedTable,
  defaultExam: string | undefined,
  findings: Findings,
): Promise<EnrolmentRow[]> {
  const columns: Columns<string> = columnsOf(table, ENROLMENT_FIELDS);
  if (!needsIdentity(columns, table.name, findings)) return [];
  return readRows(table, columns, findings, (reader, place) => {
    const examId = reader.value('examId');
    const examTitle = reader.value('exam');
    const row = {
      ...place,
      person: reader.identity(),
      examId: examId ?? (examTitle === undefined ? defaultExam : undefined),
      examTitle,
      room: reader.value('room'),
      seat: reader.value('seat'),
      extraMinutes: reader.value('extraMinutes'),
      accommodations: reader.value('accommodations'),
    };
    if (!reader.isGood) return undefined;
    if (!hasIdentity(row.person)) reader.fault(undefined, 'has no email address, student number or external id');
    if (row.examId === undefined && examTitle === undefined) reader.fault('exam', 'names no exam');
    return row;
  });
}
