import { setImmediate } from 'node:timers/promises';
import { uuidv7 } from 'uuidv7';
import type { Tx } from '../../db/executor.ts';
import { findByNumbers, findUsersByEmail, lockUsers, type UserRow } from '../../db/users.ts';
import type { Viewer } from '../../db/visibility.ts';
import type { Role } from '../../protocol/http/accounts.ts';
import { manages } from '../access/exam-access.ts';
import { mayGive } from '../access/user-access.ts';
import type { Findings } from './findings.ts';
import type { Identity, PersonRow } from './rows.ts';

/** Account as it would be after the import. */
export type PlannedPerson = Pick<
  UserRow,
  'id' | 'email' | 'name' | 'role' | 'organisation_id' | 'student_number' | 'external_id'
>;

export interface PeoplePlan {
  readonly created: PlannedPerson[];
  readonly changed: { readonly before: UserRow; readonly after: PlannedPerson; readonly fields: string[] }[];
}

/** Rows that are compared in one turn of the event loop. */
export const SLICE = 200;
/** Accounts per statement. */
const LOOKED_UP = 200;

const FIELDS = { email: 'email', name: 'name', student_number: 'studentNumber', external_id: 'externalId' } as const;
type Field = keyof typeof FIELDS;

/** Accounts by what identifies them: those of the database, and those that the import creates. */
export class People<Of extends Pick<UserRow, 'id' | 'email' | 'student_number' | 'external_id'>> {
  readonly #by = {
    email: new Map<string, Of>(),
    studentNumber: new Map<string, Of>(),
    externalId: new Map<string, Of>(),
  };

  add(person: Of): void {
    this.#by.email.set(person.email, person);
    if (person.student_number !== null) this.#by.studentNumber.set(person.student_number.toLowerCase(), person);
    if (person.external_id !== null) this.#by.externalId.set(person.external_id, person);
  }

  /** In the order in which they are trusted. */
  find({ externalId, studentNumber, email }: Identity): { readonly field: keyof Identity; readonly person: Of }[] {
    const found = [
      { field: 'externalId', person: this.#by.externalId.get(externalId ?? '') },
      { field: 'studentNumber', person: this.#by.studentNumber.get(studentNumber?.toLowerCase() ?? '') },
      { field: 'email', person: this.#by.email.get(email ?? '') },
    ] as const;
    return found.flatMap(({ field, person }) => (person ? [{ field, person }] : []));
  }
}

/** Lock of the accounts found until the end of the transaction; `none` in a preview. */
export type Lock = 'none' | 'share' | 'change';

/** Stored accounts that one of the rows could mean, as they are with the lock. */
export async function lookUp(
  ex: Tx,
  organisationId: string,
  identities: readonly Identity[],
  lock: Lock,
): Promise<People<UserRow>> {
  const found = new Map<string, UserRow>();
  for (let from = 0; from < identities.length; from += LOOKED_UP) {
    const some = identities.slice(from, from + LOOKED_UP);
    const emails = some.flatMap(({ email }) => email ?? []);
    for (const user of await findUsersByEmail(ex, emails)) found.set(user.id, user);
    const numbers = some.map(({ studentNumber, externalId }) => ({
      number: studentNumber ?? null,
      externalId: externalId ?? null,
    }));
    for (const user of await findByNumbers(ex, organisationId, numbers)) found.set(user.id, user);
  }
  const people = new People<UserRow>();
  for (const user of lock === 'none' ? found.values() : await lockUsers(ex, [...found.keys()], lock)) people.add(user);
  return people;
}

const TITLES = { email: 'address', studentNumber: 'student number', externalId: 'external id' } as const;

/** As the database tells values apart: external ids by case too. */
const sameAs = (field: keyof typeof TITLES, value: string) => (field === 'externalId' ? value : value.toLowerCase());

/** Notes values that two rows share. @returns rows without them */
function withoutDuplicates(rows: readonly PersonRow[], findings: Findings): PersonRow[] {
  const seen = new Map<string, number>();
  return rows.filter((row) => {
    const keys = (['email', 'studentNumber', 'externalId'] as const).flatMap((field) =>
      row[field] === undefined ? [] : [{ field, key: `${field} ${sameAs(field, row[field])}` }],
    );
    const twice = keys.find(({ key }) => seen.has(key));
    if (twice) {
      const { field, key } = twice;
      findings.fault(row.file, row.row, row.column(field), `the same ${TITLES[field]} as in row ${seen.get(key)}`);
    }
    for (const { key } of keys) if (!seen.has(key)) seen.set(key, row.row);
    return !twice;
  });
}

export interface PeopleScope {
  readonly who: Viewer;
  readonly organisationId: string;
  readonly defaultRole: Role;
  readonly lock: Lock;
}

/** What an import of people would create and change. */
export async function planPeople(
  ex: Tx,
  { who, organisationId, defaultRole, lock }: PeopleScope,
  given: readonly PersonRow[],
  findings: Findings,
): Promise<PeoplePlan> {
  const rows = withoutDuplicates(given, findings);
  const people = await lookUp(ex, organisationId, rows, lock);
  const plan: PeoplePlan = { created: [], changed: [] };
  /** First row of each account. */
  const meant = new Map<string, number>();
  for (const [at, row] of rows.entries()) {
    if (at % SLICE === 0) await setImmediate();
    const fault = (field: string | undefined, message: string) =>
      findings.fault(row.file, row.row, field && row.column(field), message);
    const [first, ...others] = people.find(row);
    if (!first) planNew(row, { organisationId, role: row.role ?? defaultRole, who }, plan, findings, fault);
    else {
      const { person } = first;
      const other = others.find((found) => found.person.id !== person.id);
      if (other) fault(other.field, `this ${TITLES[other.field]} belongs to another account`);
      else if (person.organisation_id !== organisationId || !manages(who, person))
        fault(first.field, `this ${TITLES[first.field]} is taken`);
      else if (meant.has(person.id)) fault(first.field, `the same account as in row ${meant.get(person.id)}`);
      else if (person.anonymised_at) fault(first.field, 'the account was anonymised and cannot be changed');
      else if (!mayGive(who, person.role)) fault(first.field, 'your role cannot change this account');
      else if (row.role !== undefined && row.role !== person.role)
        fault('role', `the account is a ${person.role}: an import changes no roles`);
      else planChange(row, person, plan, findings);
      if (!other && !meant.has(person.id)) meant.set(person.id, row.row);
    }
  }
  return plan;
}

const NAMELESS = 'has no name: the new account is named by its address';

const subjectOf = ({ name, email }: Pick<UserRow, 'name' | 'email'>) => (name === email ? email : `${name} (${email})`);

function planNew(
  row: PersonRow,
  { organisationId, role, who }: { organisationId: string; role: Role; who: Viewer },
  plan: PeoplePlan,
  findings: Findings,
  fault: (field: string | undefined, message: string) => void,
): void {
  if (row.email === undefined)
    return fault('email', 'no account has this number or id, and a new one needs an address');
  if (!mayGive(who, role)) return fault('role', `your role cannot create a ${role}`);
  const person: PlannedPerson = {
    id: uuidv7(),
    email: row.email,
    name: row.name ?? row.email,
    role,
    organisation_id: organisationId,
    student_number: row.studentNumber ?? null,
    external_id: row.externalId ?? null,
  };
  if (row.name === undefined) findings.warn(row.file, row.row, row.column('name'), NAMELESS);
  plan.created.push(person);
  findings.people.created += 1;
  const fields = [
    ...Object.entries(FIELDS).map(([column, field]) => ({
      field: field as string,
      from: null,
      to: person[column as Field],
    })),
    { field: 'role', from: null, to: role },
  ].filter(({ to }) => to !== null);
  findings.changes.add({
    file: row.file,
    row: row.row,
    what: 'person',
    action: 'create',
    subject: subjectOf(person),
    fields,
  });
}

function planChange(row: PersonRow, before: UserRow, plan: PeoplePlan, findings: Findings): void {
  const { id, role, organisation_id } = before;
  const after: PlannedPerson = {
    id,
    role,
    organisation_id,
    email: row.email ?? before.email,
    name: row.name ?? before.name,
    student_number: row.studentNumber ?? before.student_number,
    external_id: row.externalId ?? before.external_id,
  };
  if (before.disabled_at) findings.warn(row.file, row.row, null, 'the account is disabled and stays so');
  const columns = (Object.keys(FIELDS) as Field[]).filter((column) => after[column] !== before[column]);
  if (columns.length === 0) {
    findings.people.unchanged += 1;
    return;
  }
  findings.people.changed += 1;
  plan.changed.push({ before, after, fields: columns });
  const fields = columns.map((column) => ({ field: FIELDS[column], from: before[column], to: after[column] }));
  findings.changes.add({
    file: row.file,
    row: row.row,
    what: 'person',
    action: 'change',
    subject: subjectOf(before),
    fields,
  });
}
