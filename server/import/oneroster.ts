import type { ImportExam } from '../../db/imports.ts';
import { columnsOf } from './fields.ts';
import type { Findings } from './findings.ts';
import type { NamedTable } from './read-file.ts';
import type { TableRow } from './read-table.ts';

/** Columns of OneRoster 1.2, and `role` of users.csv in 1.1. */
const COLUMNS = {
  sourcedId: ['sourcedid'],
  status: ['status'],
  enabledUser: ['enableduser'],
  givenName: ['givenname'],
  middleName: ['middlename'],
  familyName: ['familyname'],
  email: ['email'],
  identifier: ['identifier'],
  userSourcedId: ['usersourcedid'],
  classSourcedId: ['classsourcedid'],
  role: ['role'],
  roleType: ['roletype'],
  title: ['title'],
} as const;
type Column = keyof typeof COLUMNS;

/** Roles that have an account; others teach, or look after somebody. */
const ROLES: ReadonlySet<string> = new Set(['student', 'proctor']);

interface Records {
  readonly table: NamedTable;
  readonly rows: readonly TableRow[];
  readonly value: (row: TableRow, column: Column) => string | undefined;
}

function recordsOf(tables: readonly NamedTable[], name: string, findings: Findings): Records | undefined {
  const table = tables.find((one) => one.name === name);
  if (!table) return undefined;
  const columns = columnsOf(table, COLUMNS);
  if (columns.header('sourcedId') === undefined)
    findings.fault(name, 1, null, 'has no column sourcedId: is it OneRoster CSV?');
  for (const { row, message } of table.faults) findings.fault(name, row, null, message);
  const isKept = (row: TableRow) => columns.value(row, 'status')?.toLowerCase() !== 'tobedeleted';
  const rows = table.rows.filter(isKept);
  const left = table.rows.length - rows.length;
  if (left > 0) findings.warn(name, null, null, `${left} rows are marked tobedeleted: an import deletes nothing`);
  return { table, rows, value: (row, column) => columns.value(row, column) };
}

const tableOf = (
  { table }: Pick<Records, 'table'>,
  header: readonly string[],
  rows: readonly TableRow[],
): NamedTable => ({ ...table, header, rows, faults: [] });

/** `users.csv` with roles of `roles.csv`, as a table of people. */
export function oneRosterPeople(tables: readonly NamedTable[], findings: Findings): NamedTable[] {
  const users = recordsOf(tables, 'users.csv', findings);
  if (!users) return [];
  const roles = new Map<string, string>();
  const given = recordsOf(tables, 'roles.csv', findings);
  for (const row of given?.rows ?? []) {
    const user = given!.value(row, 'userSourcedId') ?? '';
    const isPrimary = given!.value(row, 'roleType')?.toLowerCase() === 'primary';
    if (isPrimary || !roles.has(user)) roles.set(user, (given!.value(row, 'role') ?? '').toLowerCase());
  }
  const roleOf = (row: TableRow) =>
    roles.get(users.value(row, 'sourcedId') ?? '') ?? users.value(row, 'role')?.toLowerCase() ?? 'student';
  const enabled = users.rows.filter((row) => users.value(row, 'enabledUser')?.toLowerCase() !== 'false');
  const kept = enabled.filter((row) => ROLES.has(roleOf(row)));
  if (enabled.length < users.rows.length)
    findings.warn(
      'users.csv',
      null,
      null,
      `${users.rows.length - enabled.length} people are not enabled and are left out`,
    );
  if (kept.length < enabled.length)
    findings.warn(
      'users.csv',
      null,
      null,
      `${enabled.length - kept.length} people are neither students nor proctors and are left out`,
    );
  const cells = (row: TableRow) => [
    users.value(row, 'sourcedId') ?? '',
    users.value(row, 'email') ?? '',
    (['givenName', 'middleName', 'familyName'] as const)
      .map((part) => users.value(row, part))
      .filter(Boolean)
      .join(' '),
    users.value(row, 'identifier') ?? '',
    roleOf(row),
  ];
  const rows = kept.map((row) => ({ row: row.row, cells: cells(row) }));
  return [tableOf(users, ['sourcedId', 'email', 'name', 'number', 'role'], rows)];
}

/**
 * Students of `enrollments.csv`, in the exam with the title of their class, or in one exam. People whom `users.csv` has
 * and the import leaves out are left out here, too; others who are not known are faults.
 */
export function oneRosterEnrolments(
  tables: readonly NamedTable[],
  exam: ImportExam | undefined,
  titles: ReadonlySet<string>,
  known: (sourcedId: string) => boolean,
  findings: Findings,
): NamedTable[] {
  const enrolments = recordsOf(tables, 'enrollments.csv', findings);
  const classes = recordsOf(tables, 'classes.csv', findings);
  if (!enrolments) return [];
  const titleOf = new Map(
    (classes?.rows ?? []).map((row) => [classes!.value(row, 'sourcedId') ?? '', classes!.value(row, 'title') ?? '']),
  );
  const users = tables.find(({ name }) => name === 'users.csv');
  const { value: ofUser } = users ? columnsOf(users, COLUMNS) : { value: () => undefined };
  const inFile = new Set((users?.rows ?? []).map((row) => ofUser(row, 'sourcedId')));
  const without = new Map<string, number>();
  const seen = new Set<string>();
  const rows = enrolments.rows.flatMap((row) => {
    const user = enrolments.value(row, 'userSourcedId') ?? '';
    if (enrolments.value(row, 'role')?.toLowerCase() !== 'student') return [];
    if (!known(user)) {
      if (user === '' || !inFile.has(user))
        findings.fault('enrollments.csv', row.row, 'userSourcedId', `no person “${user}”, here or in users.csv`);
      return [];
    }
    const classId = enrolments.value(row, 'classSourcedId') ?? '';
    const title = titleOf.get(classId) ?? classId;
    if (!exam && !titles.has(title)) {
      without.set(title, (without.get(title) ?? 0) + 1);
      return [];
    }
    // A student can be in several classes of one exam.
    const key = `${user}\n${exam ? '' : title}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ row: row.row, cells: [user, exam ? exam.id : '', exam ? '' : title] }];
  });
  for (const [title, students] of without)
    findings.warn('classes.csv', null, null, `no exam is named “${title}”: its ${students} students are not enrolled`);
  return [tableOf(enrolments, ['sourcedId', 'examId', 'exam'], rows)];
}

/** Titles of all classes. */
export function classTitles(tables: readonly NamedTable[]): string[] {
  const table = tables.find(({ name }) => name === 'classes.csv');
  if (!table) return [];
  const columns = columnsOf(table, COLUMNS);
  return [...new Set(table.rows.flatMap((row) => columns.value(row, 'title') ?? []))];
}
