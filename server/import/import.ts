import { createHash } from 'node:crypto';
import { appendAudits, type NewAuditEntry } from '../../db/audit/append.ts';
import { changedTerms } from '../../db/enrolments.ts';
import { lockExam } from '../../db/exams.ts';
import type { Db, Tx } from '../../db/executor.ts';
import { changePeople, findImportExams, type ImportExam, insertPeople, saveEnrolments } from '../../db/imports.ts';
import { type MovedSession, moveRunningSessions, sessionMoved } from '../../db/move-sessions.ts';
import { deletePasswordResetsOf } from '../../db/password-resets.ts';
import { takenField } from '../../db/users.ts';
import type { Viewer } from '../../db/visibility.ts';
import { badField, ProtocolError } from '../../protocol/errors.ts';
import { DEFAULT_ORGANISATION } from '../../protocol/http/organisations.ts';
import { CSV_SEPARATORS } from '../../protocol/csv.ts';
import type { ApplyForm, ImportForm, ImportReport, NotesForm } from '../../protocol/http/imports.ts';
import { IMPORT_LIMITS } from '../../protocol/import-limits.ts';
import { organisationFor } from '../access/user-access.ts';
import { recordNames } from '../auth/accounts/name-changes.ts';
import { madeLinkView, type Resets } from '../auth/passwords/resets.ts';
import { NO_PASSWORD } from '../auth/passwords/passwords.ts';
import type { Clock } from '../clock.ts';
import { columnsOf, ENROLMENT_FIELDS, PEOPLE_FIELDS } from './fields.ts';
import { FileFault } from './file-fault.ts';
import { Findings } from './findings.ts';
import { notesCsv } from './notes-csv.ts';
import { classTitles, oneRosterEnrolments, oneRosterPeople } from './oneroster.ts';
import { type Enrollable, type PlannedEnrolment, planEnrolments } from './plan-enrolments.ts';
import { lookUp, People, type PeoplePlan, planPeople } from './plan-people.ts';
import type { NamedTable } from './read-file.ts';
import { readOnThread } from './read-thread.ts';
import { type EnrolmentRow, type Identity, type PersonRow, readEnrolments, readPeople } from './rows.ts';

export interface ImportParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly resets: Resets;
  /** After COMMIT: the sessions are in other rooms now. */
  readonly followMoves: (moved: readonly MovedSession[]) => Promise<void>;
  /** After COMMIT: the students have other names or addresses now. */
  readonly followNames: (studentIds: readonly string[]) => Promise<void>;
  /** Path prefix of the server; empty: none. */
  readonly basePath: string;
}

type Author = Viewer & { readonly address: string };

/** Rows per statement: one takes the embedded database's only thread for about 20 ms. */
const WRITTEN = 50;
/** Student ids in one audit entry. */
const LOGGED = 500;
const INVITED = 200;
/** People who can be invited by one import. */
const MAX_INVITED = 5000;
/** Files being imported, or waiting for it. */
const MAX_WAITING = 4;

interface Plan {
  readonly people: PeoplePlan;
  readonly enrolments: readonly PlannedEnrolment[];
}

interface Input {
  readonly tables: readonly NamedTable[];
  readonly form: ImportForm;
  readonly organisationId: string;
  readonly who: Viewer;
}

/** Accounts of an import that writes are locked until it ends: nobody changes them between plan and write. */
type Planned = Input & { readonly writes: boolean };

/** Rows read from the tables, before the database is asked. */
type Rows =
  | { readonly kind: 'people'; readonly rows: readonly PersonRow[] }
  | { readonly kind: 'enrolments'; readonly rows: readonly EnrolmentRow[] }
  | { readonly kind: 'oneroster'; readonly rows: readonly PersonRow[] };

const parts = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));

/** Imports of people and enrolments, one at a time. */
export class Imports {
  readonly #parts: ImportParts;
  #waiting = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(given: ImportParts) {
    this.#parts = given;
  }

  /** What an import would find and change. Writes nothing. */
  preview(who: Author, form: ImportForm): Promise<ImportReport> {
    return this.#inTurn(async () => (await this.#check(who, form)).report(false));
  }

  /** All faults or warnings of a preview, as CSV. */
  notes(who: Author, { list, separator, ...form }: NotesForm, left: AbortSignal): Promise<Buffer> {
    return this.#inTurn(async () => {
      const { input, findings } = await this.#check(who, form);
      const notes = findings[list].inOrder(input.tables.map(({ name }) => name));
      return notesCsv(notes, CSV_SEPARATORS[separator], left);
    });
  }

  async #check(who: Author, form: ImportForm) {
    const read = await this.#read(who, form);
    const rows = await readRows(read.input, read.findings);
    await this.#parts.db
      .transaction()
      .execute((tx) => planOf(tx, { ...read.input, writes: false }, rows, read.findings));
    return read;
  }

  /**
   * Writes everything in one transaction, or nothing if there is a fault. A repeated import changes nothing.
   * @throws ProtocolError `bad_request` for another file or other options than those previewed, `changed_meanwhile` if
   * it would change other things than the preview said, `unavailable` if accounts changed meanwhile
   */
  apply(who: Author, form: ApplyForm): Promise<ImportReport> {
    return this.#inTurn(async () => {
      const { db } = this.#parts;
      const { report, input, findings } = await this.#read(who, form);
      if (form.digest !== undefined && !form.digest.startsWith(fileDigest(input))) throw notPreviewed();
      const rows = await readRows(input, findings);
      const written = await db
        .transaction()
        .execute(async (tx) => {
          const plan = await planOf(tx, { ...input, writes: true }, rows, findings);
          if (form.links !== 'none' && plan.people.created.length > MAX_INVITED)
            findings.fault(null, null, null, `at most ${MAX_INVITED} people can be invited at a time: split the file`);
          if (findings.faults.count > 0) return undefined;
          // Sent again after a lost response, there is nothing left to change.
          const left = findings.changes.count > 0;
          if (left && form.digest !== undefined && form.digest !== digestOf(input, findings))
            throw new ProtocolError('changed_meanwhile', 'accounts or enrolments have changed since the preview');
          return { ...plan, moved: await this.#write(tx, who, plan) };
        })
        .catch((error: unknown) => {
          if (takenField(error) === undefined) throw error;
          throw changedMeanwhile('accounts', error);
        });
      if (written) {
        await this.#parts.followMoves(written.moved);
        const named = written.people.changed.filter(
          ({ fields }) => fields.includes('name') || fields.includes('email'),
        );
        await this.#parts.followNames(named.map(({ after }) => after.id));
      }
      const links = written ? await this.#invite(who, form, written.people) : [];
      const created = written?.people.created.map(({ id }) => id) ?? [];
      return { ...report(written !== undefined), created, links };
    });
  }

  /** @throws ProtocolError `unavailable` while too many wait */
  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#waiting >= MAX_WAITING)
      throw new ProtocolError('unavailable', 'other imports are in progress', {
        retryable: true,
        retryAfterSeconds: 5,
      });
    this.#waiting += 1;
    const before = this.#last;
    const result = before.then(work).finally(() => (this.#waiting -= 1));
    this.#last = result.catch(() => {});
    return result;
  }

  async #read(who: Author, form: ImportForm) {
    const organisationId = await organisationFor(this.#parts.db, who, form.organisationId);
    const findings = new Findings();
    let tables: NamedTable[] = [];
    try {
      tables = await readOnThread({ kind: form.kind, bytes: form.file, encoding: form.encoding });
    } catch (error) {
      if (!(error instanceof FileFault)) throw error;
      findings.fault(null, null, null, error.message);
    }
    const input: Input = { tables, form, organisationId, who };
    return { input, findings, report: (applied: boolean) => reportOf(input, findings, applied) };
  }

  async #write(tx: Tx, who: Author, { people, enrolments }: Plan): Promise<MovedSession[]> {
    const at = new Date(this.#parts.clock());
    const actor = who.userId;
    const created = (some: PeoplePlan['created']): NewAuditEntry[] =>
      some.map(({ id, role, organisation_id }) => ({
        type: 'USER_CREATED',
        entityId: id,
        actor,
        at,
        payload: { role, ...(organisation_id !== DEFAULT_ORGANISATION && { organisationId: organisation_id }) },
      }));
    const exams = new Map<string, string[]>();
    for (const { exam_id, student_id, before } of enrolments) {
      if (before) continue;
      const students = exams.get(exam_id);
      if (students) students.push(student_id);
      else exams.set(exam_id, [student_id]);
    }
    const touched = new Set(enrolments.map(({ exam_id }) => exam_id));
    for (const id of [...touched].toSorted()) await lockExam(tx, id, 'share');
    for (const some of parts(people.created, WRITTEN)) await insertPeople(tx, some, NO_PASSWORD);
    for (const some of parts(people.changed, WRITTEN)) {
      await changePeople(
        tx,
        some.map(({ after }) => after),
      );
      for (const { before, fields } of some) if (fields.includes('email')) await deletePasswordResetsOf(tx, before.id);
    }
    const moves: MovedSession[] = [];
    for (const some of parts(enrolments, WRITTEN)) {
      await this.#enrol(tx, some, { by: actor, at });
      moves.push(...(await moveRunningSessions(tx, some)));
    }
    // Chains of new accounts: nobody else can hold their heads.
    for (const some of parts(people.created, WRITTEN)) await appendAudits(tx, created(some));
    const names = await recordNames(tx, people.changed, { by: actor, at });
    await appendAudits(tx, [
      ...people.changed.map(({ before, fields }): NewAuditEntry => ({
        type: 'USER_CHANGED',
        entityId: before.id,
        actor,
        at,
        payload: { fields, ...names.get(before.id) },
      })),
      ...[...exams].flatMap(([exam, ids]) =>
        parts(ids, LOGGED).map((studentIds): NewAuditEntry => ({
          type: 'ENROLMENTS_IMPORTED',
          entityId: exam,
          actor,
          at,
          payload: { studentIds },
        })),
      ),
      // In one append: the heads of all these chains are locked in one order.
      ...enrolments.flatMap((enrolment): NewAuditEntry[] =>
        enrolment.before
          ? [
              {
                type: 'ENROLMENT_CHANGED',
                entityId: enrolment.exam_id,
                actor,
                at,
                payload: {
                  studentId: enrolment.student_id,
                  ...changedTerms(enrolment.before, enrolment),
                },
              },
            ]
          : [],
      ),
      ...moves.map((session) => sessionMoved(session, actor, at)),
    ]);
    return moves;
  }

  /** @throws ProtocolError `unavailable` if one changed since it was read */
  async #enrol(tx: Tx, some: readonly PlannedEnrolment[], author: { readonly by: string; readonly at: Date }) {
    if ((await saveEnrolments(tx, some, author)) === some.length) return;
    throw changedMeanwhile('enrolments');
  }

  async #invite(who: Author, { links }: ApplyForm, { created }: PeoplePlan): Promise<ImportReport['links']> {
    if (links === 'none') return [];
    const { resets, basePath } = this.#parts;
    const made: ImportReport['links'] = [];
    for (const some of parts(created, INVITED)) {
      const of = await resets.make(who, some, { kind: 'invitation', send: links === 'send' });
      made.push(...of.map((link) => madeLinkView(link, basePath)));
    }
    return made;
  }
}

const changedMeanwhile = (what: 'accounts' | 'enrolments', cause?: unknown) =>
  new ProtocolError('unavailable', `${what} changed during the import: import again`, { retryable: true, cause });

/** Of the file and of the options that a preview depends on: half of a digest. */
const fileDigest = ({ form: { file, kind, role, examId, encoding }, organisationId }: Input): string =>
  createHash('sha256')
    .update(JSON.stringify([kind, role, examId ?? null, encoding ?? null, organisationId]))
    .update(createHash('sha256').update(file).digest())
    .digest('hex')
    .slice(0, 32);

/** The same, and of what the preview says that would change. */
const digestOf = (input: Input, { changes }: Findings): string => fileDigest(input) + changes.digest().slice(0, 32);

const notPreviewed = () => badField('body.digest', 'not the digest of this file with these options: preview it again');

async function readRows({ tables, form }: Input, findings: Findings): Promise<Rows> {
  const { kind } = form;
  if (kind === 'oneroster') {
    const rows = await Promise.all(oneRosterPeople(tables, findings).map((table) => readPeople(table, findings)));
    return { kind, rows: rows.flat() };
  }
  const [table] = tables;
  if (!table) return { kind: 'people', rows: [] };
  return kind === 'people'
    ? { kind, rows: await readPeople(table, findings) }
    : { kind, rows: await readEnrolments(table, form.examId, findings) };
}

async function planOf(ex: Tx, input: Planned, of: Rows, findings: Findings): Promise<Plan> {
  const { organisationId, who, form, writes } = input;
  const none: PeoplePlan = { created: [], changed: [] };
  if (of.kind === 'enrolments') {
    const people = await lookUp(
      ex,
      organisationId,
      of.rows.map(({ person }) => person),
      writes ? 'share' : 'none',
    );
    return { people: none, enrolments: await planEnrolments(ex, organisationId, of.rows, people, findings) };
  }
  const lock = writes ? 'change' : 'none';
  const people = await planPeople(ex, { who, organisationId, defaultRole: form.role, lock }, of.rows, findings);
  if (of.kind === 'people') return { people, enrolments: [] };
  return { people, enrolments: await planRoster(ex, input, of.rows, people, findings) };
}

/** Enrolments of a OneRoster zip: of people who are there, and of those who are created with them. */
async function planRoster(
  ex: Tx,
  { tables, form, organisationId }: Input,
  rows: readonly Identity[],
  plan: PeoplePlan,
  findings: Findings,
): Promise<PlannedEnrolment[]> {
  const people = new People<Enrollable>();
  // The plan of the people has locked them.
  const stored = await lookUp(ex, organisationId, rows, 'none');
  const changed = new Map(plan.changed.map(({ after }) => [after.id, after]));
  for (const row of rows) {
    const [found] = stored.find(row);
    if (found) people.add(changed.get(found.person.id) ?? found.person);
  }
  for (const person of plan.created) people.add(person);
  const titles = classTitles(tables);
  const exams = await findImportExams(ex, organisationId, {
    ids: form.examId === undefined ? [] : [form.examId],
    titles,
  });
  const exam: ImportExam | undefined = exams.find(({ id }) => id === form.examId);
  if (form.examId !== undefined && !exam) {
    findings.fault(null, null, null, 'no exam has the id examId');
    return [];
  }
  const isKnown = (externalId: string) =>
    people.find({ externalId, email: undefined, studentNumber: undefined }).length > 0;
  const found = new Set(exams.map(({ title }) => title));
  const enrolments = await Promise.all(
    oneRosterEnrolments(tables, exam, found, isKnown, findings).map((table) =>
      readEnrolments(table, undefined, findings),
    ),
  );
  const students = enrolments.flat().filter(({ person }) => people.find(person)[0]?.person.role === 'student');
  return planEnrolments(ex, organisationId, students, people, findings);
}

function reportOf(input: Input, findings: Findings, applied: boolean): ImportReport {
  const { tables, form } = input;
  const { people, enrolments, faults, warnings, changes, wrongRows } = findings;
  const files = tables.map(({ name }) => name);
  const aliases = form.kind === 'enrolments' ? ENROLMENT_FIELDS : PEOPLE_FIELDS;
  return {
    kind: form.kind,
    applied,
    digest: digestOf(input, findings),
    files: tables.map((table) => {
      const { fields } = columnsOf(table, aliases);
      return {
        name: table.name,
        encoding: table.encoding,
        separator: table.separator,
        rows: table.rows.length,
        columns: table.header.map((header, at) => ({ header, field: fields[at] ?? null })),
      };
    }),
    people: { ...people },
    enrolments: { ...enrolments },
    wrongRows,
    faults: { count: faults.count, items: faults.inOrder(files, IMPORT_LIMITS.listed) },
    warnings: { count: warnings.count, items: warnings.inOrder(files, IMPORT_LIMITS.listed) },
    changes: { count: changes.count, items: changes.items },
    exams: [...findings.exams].slice(0, IMPORT_LIMITS.exams).map(([id, title]) => ({ id, title })),
    created: [],
    links: [],
  };
}
