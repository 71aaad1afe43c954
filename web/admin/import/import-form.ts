import type { Role } from '../../../protocol/http/accounts.ts';
import type { ImportEncoding, ImportKind } from '../../../protocol/http/imports.ts';

/** A chosen file, read at once: spreadsheets replace files that the browser still refers to. */
export interface ChosenFile {
  readonly name: string;
  readonly content: Blob;
}

/** Terms of an import, as the page holds them. */
export interface ImportTerms {
  readonly kind: ImportKind;
  readonly role: Role;
  /** Id of the exam of rows that name none; empty: each row names its exam. */
  readonly exam: string;
  readonly organisation: string;
  /** Empty: recognised. */
  readonly encoding: ImportEncoding | '';
}

/** Pure: the form of a request. @param digest of the previewed file, to which an import is bound */
export function importForm(file: ChosenFile, terms: ImportTerms, digest?: string): FormData {
  const { kind, role, exam, organisation, encoding } = terms;
  const form = new FormData();
  form.set('kind', kind);
  if (kind !== 'enrolments') form.set('role', role);
  if (kind !== 'people' && exam) form.set('examId', exam);
  form.set('organisationId', organisation);
  if (encoding) form.set('encoding', encoding);
  if (digest !== undefined) form.set('digest', digest);
  form.set('file', file.content, file.name);
  return form;
}
