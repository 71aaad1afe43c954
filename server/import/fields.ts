import { neutral } from '../../protocol/csv.ts';
import { searchText } from '../../protocol/search-text.ts';
import type { NamedTable } from './read-file.ts';
import type { TableRow } from './read-table.ts';

/** Names of columns by field, as they are folded: letters and digits only. The first is the one of exports. */
export const PEOPLE_FIELDS = {
  email: ['email', 'mail', 'emailaddress', 'address', 'login', 'username', 'emailadresse', 'correo'],
  name: ['name', 'fullname', 'displayname', 'studentname'],
  firstName: ['firstname', 'givenname', 'first', 'forename', 'vorname', 'prenom', 'nombre'],
  lastName: ['lastname', 'familyname', 'last', 'surname', 'nachname', 'nom', 'apellido', 'apellidos'],
  role: ['role', 'type', 'rolle'],
  studentNumber: [
    'studentnumber',
    'number',
    'studentno',
    'no',
    'studentid',
    'matriculation',
    'matriculationnumber',
    'matrikelnummer',
    'matrikelnr',
    'matricule',
  ],
  externalId: ['externalid', 'sisid', 'sourcedid', 'extid'],
} as const;

export const ENROLMENT_FIELDS = {
  ...PEOPLE_FIELDS,
  exam: ['exam', 'examtitle', 'title', 'course', 'prufung', 'examen'],
  examId: ['examid'],
  room: ['room', 'group', 'raum', 'salle', 'sala', 'aula'],
  seat: ['seat', 'place', 'platz', 'siege', 'asiento'],
  extraMinutes: ['extraminutes', 'extratime', 'extra', 'additionalminutes'],
  accommodations: ['accommodations', 'accommodation', 'accommodationprofile', 'profile'],
} as const;

type Aliases = Readonly<Record<string, readonly string[]>>;

const folded = (header: string) => searchText(header).replace(/[^\p{L}\p{N}]/gu, '');

export interface Columns<Field extends string> {
  readonly fields: readonly (Field | null)[];
  /** Header of a field; undefined: the file has no such column. */
  header(field: Field): string | undefined;
  /** Trimmed value of a field in a row; undefined: no such column, or empty. */
  value(row: TableRow, field: Field): string | undefined;
  readonly faults: readonly string[];
}

export function columnsOf<A extends Aliases>(table: NamedTable, aliases: A): Columns<keyof A & string> {
  const byName = new Map(
    Object.entries(aliases).flatMap(([field, names]) =>
      names.map((name) => [name, field as keyof A & string] as const),
    ),
  );
  const fields = table.header.map((header) => byName.get(folded(neutral(header))) ?? null);
  const twice = fields.flatMap((field, at) => (field !== null && fields.indexOf(field) !== at ? [at] : []));
  const at = new Map(fields.flatMap((field, place) => (field === null ? [] : [[field, place] as const])).toReversed());
  return {
    fields,
    header: (field) => table.header[at.get(field) ?? -1],
    value: (row, field) => neutral((row.cells[at.get(field) ?? -1] ?? '').trim()).trim() || undefined,
    faults: twice.map(
      (place) =>
        `columns “${table.header[fields.indexOf(fields[place]!)]}” and “${table.header[place]}” mean the same: remove one`,
    ),
  };
}
