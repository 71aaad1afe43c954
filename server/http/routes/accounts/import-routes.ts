import { z } from 'zod';
import type { Db } from '../../../../db/executor.ts';
import { listOrganisations } from '../../../../db/organisations.ts';
import {
  ApplyForm,
  EnrolmentsExportQuery,
  ImportForm,
  ImportReport,
  NotesForm,
  PeopleExportQuery,
} from '../../../../protocol/http/imports.ts';
import { badField } from '../../../../protocol/errors.ts';
import { IMPORT_LIMITS } from '../../../../protocol/import-limits.ts';
import { PathId } from '../../../../protocol/http/lists.ts';
import { managedExam } from '../../../access/exam-access.ts';
import { organisationFor } from '../../../access/user-access.ts';
import { exportEnrolments, exportPeople } from '../../../import/export-csv.ts';
import type { SecurityLog } from '../../../audit/security/security-log.ts';
import type { Imports } from '../../../import/import.ts';
import { managerRoute, Reply, type Route } from '../../pipeline/route.ts';

export interface ImportRouteParts {
  readonly db: Db;
  readonly imports: Imports;
  readonly security: Pick<SecurityLog, 'record'>;
}

/** With the other fields and the boundaries. */
const BODY_LIMIT = IMPORT_LIMITS.bytes + 16 * 1024;
const Csv = z.string();

const download = (content: Buffer, name: string) =>
  new Reply(200, content, { 'Content-Disposition': `attachment; filename="${name}.csv"`, 'Cache-Control': 'no-store' });

const needsOrganisation = () =>
  badField('query.organisation', 'required: there are several organisations, and an import is of one');

/** Import and export of people and enrolments. */
export const importRoutes = ({ db, imports, security }: ImportRouteParts): Route[] => [
  managerRoute({
    line: 'own',
    method: 'POST',
    path: '/api/import/preview',
    tag: 'Accounts',
    summary: 'Previews an import of people or enrolments',
    description: 'Every fault by row and column, and what would be created and changed. Writes nothing.',
    answer: ImportReport,
    kind: 'multipart',
    body: ImportForm,
    bodyLimit: BODY_LIMIT,
    handle: ({ body, who, address }) => imports.preview({ ...who, address }, body),
  }),
  managerRoute({
    line: 'own',
    method: 'POST',
    path: '/api/import/notes',
    tag: 'Accounts',
    summary: 'Returns all faults or warnings of an import as CSV',
    description: 'As a preview finds them, which lists the first ones. Writes nothing.',
    produces: 'text/csv; charset=utf-8',
    answer: Csv,
    kind: 'multipart',
    body: NotesForm,
    bodyLimit: BODY_LIMIT,
    handle: async ({ body, who, address, left }) =>
      download(await imports.notes({ ...who, address }, body, left), body.list),
  }),
  managerRoute({
    line: 'own',
    method: 'POST',
    path: '/api/import/apply',
    tag: 'Accounts',
    summary: 'Imports people or enrolments',
    description:
      'In one transaction; with a fault, nothing is written and the response is 422. Rows that match stored accounts and enrolments change them; empty cells change nothing; nothing is deleted. Managers import students, proctors and reviewers of their organisation.',
    answer: ImportReport,
    also: { 422: ImportReport },
    stepUp: 'factor',
    problems: ['changed_meanwhile'],
    kind: 'multipart',
    body: ApplyForm,
    bodyLimit: BODY_LIMIT,
    handle: async ({ body, who, address }) => {
      const report = await imports.apply({ ...who, address }, body);
      return report.applied ? report : new Reply(422, report);
    },
  }),
  managerRoute({
    line: 'own',
    method: 'GET',
    path: '/api/export/people',
    tag: 'Accounts',
    summary: 'Exports people as CSV',
    description:
      'As an import reads it, of one organisation. Values that spreadsheets take for formulas begin with an apostrophe. Recorded in the audit log.',
    produces: 'text/csv; charset=utf-8',
    answer: Csv,
    query: PeopleExportQuery,
    handle: async ({ query: { role, disabled, organisation, ...format }, who, address, left }) => {
      const own = who.role === 'admin' ? organisation : await organisationFor(db, who, organisation);
      if (own === undefined && (await listOrganisations(db, { limit: 2 })).length > 1) throw needsOrganisation();
      const file = await exportPeople(db, format, { role, disabled, organisation: own }, left);
      security.record({ kind: 'people_exported', actor: who.userId, target: own ?? null, address });
      return download(file, 'people');
    },
  }),
  managerRoute({
    line: 'own',
    method: 'GET',
    path: '/api/exams/:id/students/export',
    tag: 'Enrolment',
    summary: 'Exports the enrolments of an exam as CSV',
    description:
      'As an import reads it. Values that spreadsheets take for formulas begin with an apostrophe. Recorded in the audit log.',
    produces: 'text/csv; charset=utf-8',
    answer: Csv,
    params: PathId,
    query: EnrolmentsExportQuery,
    handle: async ({ params, query, who, address, left }) => {
      const { id } = await managedExam(db, params.id, who);
      const file = await exportEnrolments(db, query, id, left);
      security.record({ kind: 'enrolments_exported', actor: who.userId, target: id, address });
      return download(file, 'enrolments');
    },
  }),
];
