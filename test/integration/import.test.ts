import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Db } from '../../db/executor.ts';
import type { User } from '../../protocol/http/accounts.ts';
import type { Enrolment } from '../../protocol/http/enrolments.ts';
import type { Exam } from '../../protocol/http/exams.ts';
import type { AccommodationProfile } from '../../protocol/http/profiles.ts';
import type { ImportNote, ImportReport } from '../../protocol/http/imports.ts';
import type { Api } from '../support/api.ts';
import { KINDS } from '../support/databases.ts';
import { newOrganisation, newPerson } from '../support/staffed-site.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { zipOf } from '../support/zip.ts';

type Page<T> = { items: T[]; nextCursor: string | null };
type Form = Record<string, string>;

const formOf = (file: string | Buffer, fields: Form): FormData => {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  body.set('file', new Blob([typeof file === 'string' ? file : new Uint8Array(file)]), 'people.csv');
  return body;
};
const send = (api: Api, act: 'preview' | 'apply', file: string | Buffer, fields: Form = {}) =>
  api.send('POST', `/api/import/${act}`, { body: formOf(file, { kind: 'people', ...fields }) });
const report = async (...[api, act, file, fields]: Parameters<typeof send>) =>
  (await send(api, act, file, fields)).body as ImportReport;

const LATIN1 = (text: string) => Buffer.from(text, 'latin1');
const note = (row: number | null, column: string | null, message: string | RegExp) => ({
  file: null,
  row,
  column,
  // As far as the row names anybody.
  subject: expect.toSatisfy((name) => name === null || typeof name === 'string') as string,
  message: typeof message === 'string' ? message : (expect.stringMatching(message) as string),
});
/** `@` at the end of an expected name or number stands for the domain. */
type Odd = readonly [what: string, file: (at: string) => string | Buffer, answer: Answer];
interface Answer {
  readonly faults?: readonly ImportNote[];
  readonly people?: readonly (readonly [email: string, name: string, number?: string])[];
  readonly created?: number;
}

const ODD: readonly Odd[] = [
  ['UTF-8', (at) => `email,name\nana${at},Ana Pérez\n`, { people: [['ana', 'Ana Pérez']] }],
  [
    'UTF-8 with a byte order mark',
    (at) => `\uFEFFemail,name\nana${at},Ana Pérez\n`,
    { people: [['ana', 'Ana Pérez']] },
  ],
  [
    'UTF-16 with a byte order mark, tabs',
    (at) => Buffer.from(`\uFEFFemail\tname\nana${at}\tŁucja\n`, 'utf16le'),
    { people: [['ana', 'Łucja']] },
  ],
  [
    'UTF-16, big endian',
    (at) => Buffer.from(`\uFEFFemail;name\nana${at};Łucja\n`, 'utf16le').swap16(),
    { people: [['ana', 'Łucja']] },
  ],
  [
    'Windows-1252 with semicolons and CRLF, as Excel writes it',
    (at) =>
      Buffer.concat([
        LATIN1(`E-Mail;Vorname;Nachname;Matrikelnummer\r\njoerg${at};J\xf6rg;M\xfcller;`),
        Buffer.from([0x80]),
        LATIN1('77\r\n'),
      ]),
    { people: [['joerg', 'Jörg Müller', '€77']] },
  ],
  [
    'the separator in the first line',
    (at) => `sep=|\r\nemail|name\r\nana${at}|A, B; C\r\n`,
    { people: [['ana', 'A, B; C']] },
  ],
  [
    'quotes, separators, line breaks and doubled quotes within cells',
    (at) => `"email","name"\r\n"ana${at}","Smith, ""Ana""\r\nMaria"\r\n`,
    { people: [['ana', 'Smith, "Ana" Maria']] },
  ],
  ['line ends of old Macs', (at) => `email,name\rana${at},Ana\r`, { people: [['ana', 'Ana']] }],
  [
    'blank lines, spaces and rows of separators only',
    (at) => `\n\nemail , name\n\n ana${at} ,  Ana   Maria \n,\n , \n`,
    { people: [['ana', 'Ana Maria']] },
  ],
  [
    'headers in any case, order and language, and columns that are not read',
    (at) => `Familienname,NUMBER,e-mail Address,First Name,shoe size,LAST_NAME\nx,N1,ana${at},Ana,43,Silva\n`,
    { people: [['ana', 'Ana Silva', 'N1']] },
  ],
  [
    'a name of invisible characters around letters',
    (at) => `email,name\nana${at},\u200B\u202EAna\u0000`.replace('\0', ''),
    { people: [['ana', 'Ana']] },
  ],
  [
    'two columns of one meaning',
    (at) => `email,mail,name\nana${at},b${at},Ana\n`,
    { faults: [note(null, null, 'columns “email” and “mail” mean the same: remove one')] },
  ],
  [
    'no column that names a person',
    () => 'name,room\nAna,1\n',
    { faults: [note(1, null, 'the header names no column email, student number or external id')] },
  ],
  [
    'seven kinds of wrong rows, with each row that is right',
    (at) =>
      `email,name,role,number\nana${at},Ana,student,1\nno address,B,,2\nc${at},C,teacher,3\nANA${at},D,,4\ne${at},E,,1\n,F,,5\ng${at},G,admin,6\nh${at},"H",,7,8\n`,
    {
      faults: [
        note(3, 'email', '“no address” is not an email address'),
        note(4, 'role', '“teacher” is not a role: student, proctor, reviewer, manager, admin'),
        note(5, 'email', 'the same address as in row 2'),
        note(6, 'number', 'the same student number as in row 2'),
        note(7, 'email', 'no account has this number or id, and a new one needs an address'),
        note(8, 'role', 'your role cannot create a admin'),
        note(9, null, 'has 5 cells, but the header has 4: is a value with the separator in it not in quotes?'),
      ],
    },
  ],
  [
    'a cell of 2 MB',
    (at) => `email,name\nana${at},"${'x'.repeat(2_000_000)}"\n`,
    { faults: [note(2, null, /^longer than 64000 characters, or a quotation mark is not closed/)] },
  ],
  [
    'a cell of 1,001 characters',
    (at) => `email,name\nana${at},${'x'.repeat(1001)}\n`,
    { faults: [note(2, null, 'cell 2 is longer than 1000 characters')] },
  ],
  [
    'a quotation mark that is not closed',
    (at) => `email,name\nana${at},Ana\nb${at},"Bo\nc${at},C\n`,
    { faults: [note(3, null, 'a quotation mark is not closed; the rest of the file cannot be read')] },
  ],
  ['an empty file', () => '', { faults: [note(null, null, 'the file is empty')] }],
  ['only blank lines', () => '\r\n\r\n  \r\n', { faults: [note(null, null, 'the file is empty')] }],
  ['a header only', () => 'email,name\r\n', {}],
  [
    'a workbook',
    () => zipOf({ 'xl/workbook.xml': '<workbook/>' }),
    { faults: [note(null, null, 'this is a workbook or a zip, not a CSV file: save the sheet as CSV')] },
  ],
  [
    'a picture',
    () => Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a]),
    { faults: [note(null, null, 'the file is not text: it contains NUL characters')] },
  ],
  [
    'more than 64 columns',
    () => Array.from({ length: 65 }, (_, n) => `c${n}`).join(','),
    { faults: [note(null, null, 'more than 64 columns')] },
  ],
  [
    'more than 20,000 rows',
    () => `email\n${'a@b.example\n'.repeat(20_001)}`,
    { faults: [note(null, null, 'more than 20000 rows: split the file')] },
  ],
  [
    'formulas, kept as text',
    (at) => `email,name,number\nana${at},"=cmd|'/c calc'!A0",+1\nb${at},'=SUM(A1),-2\n`,
    {
      people: [
        ['ana', "=cmd|'/c calc'!A0", '+1'],
        ['b', '=SUM(A1)', '-2'],
      ],
    },
  ],
  [
    'mixed line ends, and none after the last row',
    (at) => `email,name\r\na${at},A\nb${at},B\rc${at},C`,
    {
      people: [
        ['a', 'A'],
        ['b', 'B'],
        ['c', 'C'],
      ],
    },
  ],
  [
    'separators after the last value, and rows that end early',
    (at) => `email;name;number;;\na${at};A;1${at};;;\nb${at};B\nc${at}\n`,
    {
      people: [
        ['a', 'A', '1@'],
        ['b', 'B'],
        ['c', 'c@'],
      ],
    },
  ],
  [
    'quotation marks within a value that has none around it',
    (at) => `email,name\na${at},Ana "Ann" Silva\nb${at},5" disk\n`,
    {
      people: [
        ['a', 'Ana "Ann" Silva'],
        ['b', '5" disk'],
      ],
    },
  ],
  [
    'characters after a closing quotation mark, which are part of the value',
    (at) => `email,name\na${at},"Bo" Li\nb${at},B\n`,
    {
      people: [
        ['a', '"Bo" Li'],
        ['b', 'B'],
      ],
    },
  ],
  [
    'numbers with zeros in front, which are kept',
    (at) => `email,name,number\na${at},A,007${at}\n`,
    { people: [['a', 'A', '007@']] },
  ],
  [
    'numbers that a spreadsheet shortened',
    (at) => `email,name,number,external id\na${at},A,"2,02412E+11",\nb${at},B,,2.02412e+09\nc${at},C,12E5${at},\n`,
    {
      faults: [
        note(2, 'number', '“2,02412E+11” is a number that a spreadsheet shortened: format the column as text'),
        note(3, 'external id', '“2.02412e+09” is a number that a spreadsheet shortened: format the column as text'),
      ],
    },
  ],
  [
    'addresses with spaces that cannot be seen, with names around them, or two in one cell',
    (at) => `email,name\n\u00a0a${at}\u2003,A\n"B <b${at}>",B\n"c${at}; d${at}",C\n`,
    {
      faults: [
        note(3, 'email', /^“B <b@.*>” is not an email address$/),
        note(4, 'email', /^“c@.*; d@.*” is not an email address$/),
      ],
    },
  ],
  [
    'names of any script, and accents in two forms',
    (at) => `email,name\na${at},山田 太郎\nb${at},Zoe\u0308\nc${at},عمر\nd${at},Ana 🎓\n`,
    {
      people: [
        ['a', '山田 太郎'],
        ['b', 'Zoë'],
        ['c', 'عمر'],
        ['d', 'Ana 🎓'],
      ],
    },
  ],
  [
    'headers with accents, quotes and line breaks',
    (at) => `"Correo";"Prénom\n";"NOM"\nana${at};Ana;Silva\n`,
    { people: [['ana', 'Ana Silva']] },
  ],
];

for (const { kind, available, title } of KINDS) {
  describe.runIf(available)(`import, on ${title}`, () => {
    let site: TestServer;
    let db: Db;
    let manager: Api;
    let count = 0;
    beforeAll(async () => {
      site = await startTestServer({ kind, overrides: { db: (real) => (db = real) } });
      manager = await newPerson(site, 'manager');
    });
    afterAll(() => site?.close());
    const domain = () => `@d${++count}.example`;
    const peopleAt = async (at: string) =>
      (await site.admin.get<Page<User>>(`/api/users?q=${encodeURIComponent(at)}&limit=200`)).items;
    const stateOf = async () =>
      JSON.stringify([
        await db.selectFrom('users').selectAll().orderBy('id').execute(),
        await db.selectFrom('enrolments').selectAll().orderBy('student_id').orderBy('exam_id').execute(),
        await db.selectFrom('audit_entries').select('id').where('event_type', '<>', 'SECURITY').orderBy('id').execute(),
        await db.selectFrom('password_resets').selectAll().orderBy('user_id').execute(),
      ]);

    describe('a file of people', () => {
      test.each(ODD)('%s', async (_what, file, { faults = [], people = [] }) => {
        const at = domain();
        const bytes = file(at);
        const before = await stateOf();
        const preview = await report(manager, 'preview', bytes);
        expect(preview.faults.items).toEqual(faults);
        expect(preview).toMatchObject({ applied: false, people: { changed: 0, unchanged: 0 } });
        expect(await stateOf(), 'a preview writes nothing').toBe(before);

        const { status, body } = await send(manager, 'apply', bytes, { digest: preview.digest });
        const { created } = body as ImportReport;
        expect(body).toEqual({ ...preview, created, applied: faults.length === 0 });
        expect(status).toBe(faults.length === 0 ? 200 : 422);
        if (faults.length > 0) return expect(await stateOf(), 'all or nothing').toBe(before);

        const found = (await peopleAt(at)).toReversed();
        expect(found.map(({ id }) => id)).toEqual(created);
        expect(found.map(({ email, name, studentNumber }) => [email, name, studentNumber])).toEqual(
          people.map(([email, name, number = null]) => [
            email + at,
            name.replace('@', at),
            number?.replace('@', at) ?? null,
          ]),
        );
        const after = await stateOf();
        expect(await report(manager, 'apply', bytes)).toMatchObject({
          applied: true,
          people: { created: 0, changed: 0, unchanged: people.length },
          changes: { count: 0 },
        });
        expect(await stateOf(), 'the same file again changes nothing').toBe(after);
      });

      test('changes accounts that it identifies by external id, number or address; empty cells change nothing', async () => {
        const at = domain();
        await report(
          manager,
          'apply',
          `email,name,number,external id\na${at},A,n1${at},x1\nb${at},B,n2${at},x2\nc${at},C,,\n`,
        );
        const file = `email,name,number,external id\nnew-a${at},,,x1\n,Bea,N2${at},\nc${at},,n3${at},x3\n`;
        const preview = await report(manager, 'preview', file);
        expect(preview.people).toEqual({ created: 0, changed: 3, unchanged: 0 });
        expect(preview.changes.items.map(({ row, subject, fields }) => [row, subject, fields])).toEqual([
          [2, `A (a${at})`, [{ field: 'email', from: `a${at}`, to: `new-a${at}` }]],
          [
            3,
            `B (b${at})`,
            [
              { field: 'name', from: 'B', to: 'Bea' },
              { field: 'studentNumber', from: `n2${at}`, to: `N2${at}` },
            ],
          ],
          [
            4,
            `C (c${at})`,
            [
              { field: 'studentNumber', from: null, to: `n3${at}` },
              { field: 'externalId', from: null, to: 'x3' },
            ],
          ],
        ]);
        expect(await report(manager, 'apply', file)).toMatchObject({ applied: true });
        expect((await peopleAt(at)).map(({ email, name }) => [email, name])).toEqual([
          [`c${at}`, 'C'],
          [`b${at}`, 'Bea'],
          [`new-a${at}`, 'A'],
        ]);
        expect(await peopleAt(`n3${at}`)).toHaveLength(1);
      });

      test('refuses values of two accounts in one row, changed roles, and accounts that the caller does not manage', async () => {
        const at = domain();
        const other = await newOrganisation(site);
        await site.admin.post('/api/users', { email: `away${at}`, role: 'student', organisationId: other.id });
        await report(manager, 'apply', `email,number,role\na${at},1${at},student\nb${at},2${at},proctor\n`);
        const { email } = manager.tokens!.user;
        const file = `email,number,role\na${at},2${at},\nb${at},,student\naway${at},,\n${email},,\nm${at},,manager\n`;
        expect((await report(manager, 'preview', file)).faults.items).toEqual([
          note(2, 'email', 'this address belongs to another account'),
          note(3, 'role', 'the account is a proctor: an import changes no roles'),
          note(4, 'email', 'this address is taken'),
          note(5, 'email', 'your role cannot change this account'),
          note(6, 'role', 'your role cannot create a manager'),
        ]);
        expect((await report(site.admin, 'preview', `email,role\nm${at},manager\n`)).faults.count).toBe(0);
        const elsewhere = { kind: 'people', organisationId: other.id };
        expect(await send(manager, 'preview', file, elsewhere)).toMatchObject({ status: 403 });
      });

      test('is bound to its preview by the digest', async () => {
        const at = domain();
        const { digest } = await report(manager, 'preview', `email\na${at}\n`);
        expect(await send(manager, 'apply', `email\nb${at}\n`, { digest })).toMatchObject({
          status: 400,
          body: { errors: [{ field: 'body.digest' }] },
        });
        expect(await peopleAt(at)).toEqual([]);
      });

      test('is bound to what its preview said of accounts that are there', async () => {
        const at = domain();
        const file = `email,name\na${at},Imported\n`;
        const { digest } = await report(site.admin, 'preview', file);
        const made = await site.admin.post<{ id: string }>('/api/users', {
          email: `a${at}`,
          name: 'Made meanwhile',
          role: 'student',
          password: 'violet harbour 93',
        });
        expect(await send(site.admin, 'apply', file, { digest })).toMatchObject({
          status: 409,
          body: { code: 'changed_meanwhile' },
        });
        expect(await site.admin.get(`/api/users/${made.id}`)).toMatchObject({ name: 'Made meanwhile' });
        const again = await report(site.admin, 'preview', file);
        expect(again.people).toMatchObject({ created: 0, changed: 1 });
        expect(await report(site.admin, 'apply', file, { digest: again.digest })).toMatchObject({ applied: true });
        // Sent again after a lost response.
        expect(await report(site.admin, 'apply', file, { digest: again.digest })).toMatchObject({ applied: true });
      });

      test('is bound to the options of its preview', async () => {
        const at = domain();
        const file = `email\na${at}\n`;
        const exam = await site.admin.createExam();
        const other = await newOrganisation(site);
        const { digest } = await report(site.admin, 'preview', file);
        const changed: Form[] = [
          { role: 'proctor' },
          { organisationId: other.id },
          { encoding: 'windows-1252' },
          { kind: 'enrolments' },
          { examId: exam.id },
        ];
        for (const options of changed)
          expect(await send(site.admin, 'apply', file, { digest, ...options }), JSON.stringify(options)).toMatchObject({
            status: 400,
            body: { errors: [{ field: 'body.digest' }] },
          });
        expect(await peopleAt(at)).toEqual([]);
        expect(await report(site.admin, 'apply', file, { digest, role: 'student' })).toMatchObject({ applied: true });
      });

      test('changes no anonymised account, and enrols none', async () => {
        const at = domain();
        const exam = await site.admin.createExam();
        await report(manager, 'apply', `email\ngone${at}\n`);
        const [{ id }] = (await peopleAt(`gone${at}`)) as [User];
        const { email } = await manager.post<User>(`/api/users/${id}/anonymise`);
        const before = await stateOf();
        for (const file of [
          `email,external id\n${email},back${at}\n`,
          `email,name\n${email},Back\n`,
          `email\n${email}\n`,
        ])
          expect((await report(manager, 'apply', file)).faults.items).toEqual([
            note(2, 'email', 'the account was anonymised and cannot be changed'),
          ]);
        expect(
          (await report(manager, 'apply', `email\n${email}\n`, { kind: 'enrolments', examId: exam.id })).faults.items,
        ).toEqual([note(2, 'email', 'the account was anonymised and cannot be enrolled')]);
        expect(await stateOf()).toBe(before);
      });

      test('writes nothing back over accounts that are anonymised or renamed during the import', async () => {
        const at = domain();
        const numbers = Array.from({ length: 300 }, (_, n) => n);
        const rows = (row: (n: number) => string) => numbers.map(row).join('\n');
        await report(manager, 'apply', `email,name,external id\n${rows((n) => `r${n}${at},First ${n},r${n}${at}`)}\n`);
        const ids = (
          await db.selectFrom('users').select(['id', 'email']).where('email', 'like', `%${at}`).execute()
        ).map(({ id }) => id);
        const gone = ids.filter((_, n) => n % 20 === 0);
        const renamed = ids.filter((_, n) => n % 20 === 1);
        const moved = new Map<string, string>();
        await Promise.all([
          send(manager, 'apply', `external id,name\n${rows((n) => `r${n}${at},Second ${n}`)}\n`),
          ...gone.map((id) => manager.post(`/api/users/${id}/anonymise`)),
          ...renamed.map(async (id) => {
            const address = `moved-${id}${at}`;
            await manager.request('PATCH', `/api/users/${id}`, { email: address });
            moved.set(id, address);
          }),
        ]);
        const after = await db.selectFrom('users').selectAll().where('id', 'in', ids).execute();
        for (const id of gone) {
          const row = after.find((one) => one.id === id)!;
          expect(row).toMatchObject({ name: expect.stringMatching(/^Anonymous /) as string, external_id: null });
          expect(row.search).toContain('anonymous');
        }
        // The import came before, after or was refused as a whole; a half of each is none of these.
        const whole = after.filter(({ id, name }) => !gone.includes(id) && name.startsWith('Second')).length;
        expect([0, ids.length - gone.length]).toContain(whole);
        for (const [id, address] of moved) expect(after.find((one) => one.id === id)!.email).toBe(address);
        expect(moved.size).toBe(renamed.length);
      });

      test('refuses two rows that mean one account by different columns', async () => {
        const at = domain();
        const exam = await site.admin.createExam();
        await report(manager, 'apply', `email,number,external id\na${at},1${at},x${at}\n`);
        const before = await stateOf();
        const people = `email,number,external id,name\na${at},,,Ann\n,,x${at},Bea\n,1${at},,Cid\n`;
        expect((await report(manager, 'apply', people)).faults.items).toEqual([
          note(3, 'external id', 'the same account as in row 2'),
          note(4, 'number', 'the same account as in row 2'),
        ]);
        const enrolled = `email,number,external id,room\na${at},,,1\n,,x${at},2\n`;
        expect(
          (await report(manager, 'apply', enrolled, { kind: 'enrolments', examId: exam.id })).faults.items,
        ).toEqual([note(3, 'external id', 'the same student and exam as in row 2')]);
        expect(await stateOf()).toBe(before);
      });

      test('tells external ids apart by case, as accounts do, and student numbers not', async () => {
        const at = domain();
        const file = `email,name,external id,number\na${at},A,ABC${at},N${at}\nb${at},B,abc${at},\n`;
        for (const again of [false, true])
          expect(await report(manager, 'apply', file)).toMatchObject({
            applied: true,
            people: again ? { unchanged: 2 } : { created: 2 },
          });
        const preview = await report(manager, 'preview', `external id,name\nabc${at},Bo\n`);
        expect(preview.changes.items).toMatchObject([{ subject: `B (b${at})` }]);
        expect((await report(manager, 'preview', `number,name\nn${at},Al\n`)).changes.items).toMatchObject([
          { subject: `A (a${at})` },
        ]);
      });

      test('warns of a new person without a name', async () => {
        const at = domain();
        const file = `email,name\na${at},\nb${at},Bo\n`;
        expect((await report(manager, 'preview', file)).warnings.items).toEqual([
          note(2, 'name', 'has no name: the new account is named by its address'),
        ]);
        await report(manager, 'apply', file);
        expect((await report(manager, 'preview', file)).warnings.items).toEqual([]);
      });

      test('invites new people, not those who were there', async () => {
        const at = domain();
        await report(manager, 'apply', `email\nold${at}\n`);
        const { links } = await report(manager, 'apply', `email,name\nold${at},Old\nnew${at},New\n`, {
          links: 'return',
        });
        expect(links).toMatchObject([{ email: `new${at}`, name: 'New', mail: 'off' }]);
        const token = links[0]!.path.split('#reset=')[1];
        await site.api().post('/api/auth/reset', { token, newPassword: 'violet harbour 93' });
        await site.api().login(`new${at}`, 'violet harbour 93');
      });

      test('larger than 8 MiB is refused before it is read', async () => {
        expect(await send(manager, 'preview', Buffer.alloc(8 * 2 ** 20 + 64 * 1024))).toMatchObject({ status: 413 });
      });
    });

    describe('a file of enrolments', () => {
      let exam: Exam;
      let at: string;
      const enrolled = async () =>
        (await site.admin.get<Page<Enrolment>>(`/api/exams/${exam.id}/students?limit=200`)).items
          .map(({ studentEmail, room, seat, extraMinutes }) => [studentEmail.split('@')[0], room, seat, extraMinutes])
          .toSorted((a, b) => String(a[0]).localeCompare(String(b[0])));
      const file = (text: string) => text.replaceAll('@', at);
      const both = (act: 'preview' | 'apply', text: string, more: Form = {}) =>
        report(manager, act, file(text), { kind: 'enrolments', examId: exam.id, ...more });
      beforeAll(async () => {
        exam = await site.admin.createExam({}, { title: 'Algebra I' });
        at = domain();
        await report(manager, 'apply', file('email,number,role\na@,N1@,\nb@,N2@,\nc@,N3@,\np@,,proctor\n'));
      });

      test('enrols students with room, seat and extra minutes, by address or number; again, it changes nothing', async () => {
        const text = 'E-Mail;Number;Room;Seat;Extra time\na@;;Aula;12;15\n;n2@;Aula;13;\n';
        const preview = await both('preview', text);
        expect(preview).toMatchObject({ enrolments: { created: 2, changed: 0, unchanged: 0 }, faults: { count: 0 } });
        expect(await enrolled()).toEqual([]);
        expect(await both('apply', text)).toEqual({ ...preview, applied: true });
        expect(await enrolled()).toEqual([
          ['a', 'Aula', '12', 15],
          ['b', 'Aula', '13', 0],
        ]);
        const before = await stateOf();
        expect(await both('apply', text)).toMatchObject({ enrolments: { created: 0, changed: 0, unchanged: 2 } });
        expect(await stateOf()).toBe(before);
      });

      test('changes what it names and keeps accommodations of detection', async () => {
        const a = (await peopleAt(`a${at}`)).at(-1)!;
        const { room, seat, extraMinutes } = await site.admin.get<Enrolment>(`/api/exams/${exam.id}/students/${a.id}`);
        await site.admin.request('PUT', `/api/exams/${exam.id}/students/${a.id}`, {
          room,
          seat,
          extraMinutes,
          detection: { gaze: false },
        });
        const preview = await both('apply', 'email,seat,exam\na@,99,Algebra I\n', {});
        expect(preview.changes.items[0]?.fields).toEqual([{ field: 'seat', from: '12', to: '99' }]);
        expect(await site.admin.get(`/api/exams/${exam.id}/students/${a.id}`)).toMatchObject({
          room: 'Aula',
          seat: '99',
          extraMinutes: 15,
          detection: { gaze: false },
        });
      });

      test('chooses accommodation profiles by name, case aside; an empty cell keeps the profile, an archived one is only kept', async () => {
        const profile = (name: string) =>
          site.admin.post<AccommodationProfile>('/api/accommodation-profiles', { name, terms: { extraPercent: 25 } });
        const [quarter, quiet] = [await profile('Extra Quarter'), await profile('Quiet')];
        await both('apply', 'email,room\na@,Aula\nb@,Aula\n');
        const text = 'email,accommodation profile\na@,extra quarter\nb@,\nc@,Quiet\n';
        const preview = await both('preview', text);
        expect(preview.faults.items).toEqual([]);
        expect(preview.changes.items[0]?.fields).toEqual([
          { field: 'accommodations', from: null, to: 'Extra Quarter' },
        ]);
        expect(await both('apply', text)).toEqual({ ...preview, applied: true });
        const profiles = async () =>
          Object.fromEntries(
            (await site.admin.get<Page<Enrolment>>(`/api/exams/${exam.id}/students?limit=200`)).items.map((row) => [
              row.studentEmail.split('@')[0],
              row.accommodationProfile?.name ?? null,
            ]),
          );
        expect(await profiles()).toMatchObject({ a: 'Extra Quarter', b: null, c: 'Quiet' });

        await site.admin.request('PATCH', `/api/accommodation-profiles/${quarter.id}`, { archived: true });
        const before = await stateOf();
        const again = await both('apply', 'email,profile\na@,Extra Quarter\nb@,Extra quarter\nc@,Loud\n');
        expect(again).toMatchObject({ applied: false, enrolments: { unchanged: 1 }, wrongRows: 2 });
        expect(again.faults.items).toEqual([
          note(
            3,
            'profile',
            'the accommodation profile “Extra Quarter” is archived: restore it, or choose another one',
          ),
          note(4, 'profile', 'no accommodation profile is named “Loud”: correct the name, or create the profile first'),
        ]);
        expect(await stateOf()).toBe(before);
        expect(await both('apply', text)).toMatchObject({ enrolments: { created: 0, changed: 0, unchanged: 3 } });
        expect(await profiles()).toMatchObject({ a: 'Extra Quarter', b: null, c: quiet.name });
      });

      test('names rooms that are new to the exam, and seats that are taken twice, without refusing them', async () => {
        const { warnings, faults } = await both('preview', 'email,room,seat\na@,Aule,1\nb@,Aula,2\nc@,Aula,2\n');
        expect(faults.count).toBe(0);
        expect(warnings.items).toEqual([
          note(2, 'room', '“Aule” is a new room of this exam'),
          note(4, 'seat', 'the same seat as in row 3'),
        ]);
      });

      test('refuses unknown people and exams, staff, doubles, minutes and profiles, each in words', async () => {
        await site.admin.createExam({}, { title: 'Twice' });
        await site.admin.createExam({}, { title: 'Twice' });
        const other = await newOrganisation(site);
        const away = await site.admin.createExam({}, { title: 'Away', organisationId: other.id });
        const before = await stateOf();
        const { faults } = await both(
          'apply',
          `email,exam,exam id,minutes,extra minutes,profile\nx@,,,,,\na@,Geometry,,,,\np@,,,,,\na@,,,,,\na@,,,,,\na@,Twice,,,,\na@,,${away.id},,,\na@,,7,,,\nb@,,,,15 min,\nb@,,,,1441,\nc@,,,,,Extra time\n`,
        );
        expect(faults.items).toEqual([
          note(2, 'email', 'no such person: import people first'),
          note(3, 'exam', 'no exam “Geometry”'),
          note(4, 'email', /is a proctor: only students are enrolled$/),
          note(6, 'email', 'the same student and exam as in row 5'),
          note(7, 'exam', '2 exams are named “Twice”: use the column exam id'),
          note(8, 'exam id', 'no exam has this id'),
          note(9, 'exam id', '“7” is not the id of an exam'),
          note(10, 'extra minutes', '“15 min” must be whole minutes, from 0 to 1440'),
          note(11, 'extra minutes', '“1441” must be whole minutes, from 0 to 1440'),
          note(
            12,
            'profile',
            'no accommodation profile is named “Extra time”: correct the name, or create the profile first',
          ),
        ]);
        expect(await stateOf()).toBe(before);
      });
    });

    describe('an export', () => {
      const get = async (path: string, by = manager) => {
        const answer = await fetch(site.url + path, {
          headers: { authorization: `Bearer ${by.tokens!.accessToken}` },
        });
        return Buffer.from(await answer.arrayBuffer());
      };

      test.each(['comma', 'semicolon', 'tab'])(
        'with formulas made harmless gives the same values back, by %s',
        async (separator) => {
          const at = domain();
          const names = ['=1+1', '+1', '-1', '@SUM(A1)', "'=quoted", "''-2", "O'Brien", '"a";b,c', '＝x', 'plain'];
          for (const [n, name] of names.entries())
            await site.admin.post('/api/users', {
              email: `f${n}${at}`,
              role: 'student',
              name,
              studentNumber: `${name}${at}`,
            });
          const csv = await get(`/api/export/people?separator=${separator}`);
          expect(csv.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
          const cells = csv.toString().split(/[,;\t\r\n]+/);
          expect(cells.filter((cell) => /^"?[=+\-@＝]/.test(cell))).toEqual([]);
          const own = csv
            .toString()
            .split('\r\n')
            .filter((line, row) => row === 0 || line.includes(at));
          const again = await report(manager, 'preview', own.join('\r\n'));
          expect(again.faults.items).toEqual([]);
          expect(again.people).toEqual({ created: 0, changed: 0, unchanged: names.length });
        },
      );

      test('has people of the own organisation only, and no anonymised ones', async () => {
        const at = domain();
        const other = await newOrganisation(site);
        await site.admin.post('/api/users', { email: `away${at}`, role: 'student', organisationId: other.id });
        const { id } = await site.admin.post<User>('/api/users', { email: `gone${at}`, role: 'student' });
        await site.admin.post('/api/users', { email: `here${at}`, role: 'student' });
        await site.admin.post(`/api/users/${id}/anonymise`);
        const csv = (await get('/api/export/people?bom=false&role=student')).toString();
        expect(csv).toMatch(/^email,name,role,student number,external id\r\n/);
        expect(csv).toContain(`here${at}`);
        for (const trace of ['away', 'gone', 'Anonymous'])
          expect(csv).not.toContain(trace === 'Anonymous' ? trace : trace + at);
        expect(await manager.send('GET', `/api/export/people?organisation=${other.id}`)).toMatchObject({ status: 403 });
      });

      test('of people is of one organisation, which admins name once there are several, and is read back without a change', async () => {
        const at = domain();
        const other = await newOrganisation(site);
        await site.admin.post('/api/users', { email: `here${at}`, role: 'student', name: 'Here' });
        const away = { email: `away${at}`, role: 'student', name: 'Away', organisationId: other.id };
        await site.admin.post('/api/users', away);
        expect(await site.admin.send('GET', '/api/export/people')).toMatchObject({
          status: 400,
          body: { errors: [{ field: 'query.organisation' }] },
        });
        const csv = await get(`/api/export/people?organisation=${other.id}`, site.admin);
        expect(csv.toString()).toContain(`away${at}`);
        expect(csv.toString()).not.toContain(`here${at}`);
        expect(await report(site.admin, 'preview', csv, { organisationId: other.id })).toMatchObject({
          people: { created: 0, changed: 0, unchanged: 1 },
          faults: { count: 0 },
        });
      });

      test('of enrolments is read back without a change', async () => {
        const at = domain();
        const exam = await site.admin.createExam({}, { title: `-Exam, "${at}"` });
        await report(manager, 'apply', `email,name\na${at},=A\nb${at},B\n`);
        await site.admin.post('/api/accommodation-profiles', { name: '=Breaks', terms: { breakMinutes: 10 } });
        await report(manager, 'apply', `email,room,seat,extra,accommodations\na${at},+1,=2,30,'=Breaks\nb${at},,,,\n`, {
          kind: 'enrolments',
          examId: exam.id,
        });
        const csv = await get(`/api/exams/${exam.id}/students/export`);
        expect(csv.toString().split('\r\n')).toHaveLength(4);
        expect(csv.toString()).toContain(",30,'=Breaks\r\n");
        expect(await report(manager, 'apply', csv, { kind: 'enrolments' })).toMatchObject({
          applied: true,
          enrolments: { created: 0, changed: 0, unchanged: 2 },
        });
      });
    });

    describe('a OneRoster zip', () => {
      const roster = (at: string, classTitle: string) => ({
        'users.csv': `"sourcedId","status","dateLastModified","enabledUser","username","givenName","familyName","middleName","identifier","email"\n"u1","active","","true","u1","Ana","Silva","","S1${at}","ana${at}"\n"u2","active","","true","u2","Bo","Li","Y","","bo${at}"\n"t1","active","","true","t1","Tom","Teach","","","tom${at}"\n"p1","active","","true","p1","Pat","Proctor","","","pat${at}"\n"d1","tobedeleted","","true","d1","Del","Eted","","","del${at}"\n"f1","active","","false","f1","Off","Line","","","off${at}"\n`,
        'roles.csv': `"sourcedId","userSourcedId","roleType","role"\n"r1","u1","primary","student"\n"r2","u2","primary","student"\n"r3","t1","primary","teacher"\n"r4","p1","primary","proctor"\n"r5","t1","secondary","student"\n`,
        'classes.csv': `"sourcedId","title"\n"c1","${classTitle}"\n"c2","Nowhere"\n`,
        'enrollments.csv': `"sourcedId","classSourcedId","userSourcedId","role"\n"e1","c1","u1","student"\n"e2","c1","u2","student"\n"e3","c1","t1","teacher"\n"e4","c2","u1","student"\n`,
      });

      test('creates its people and enrols its students in the exam of their class; again, it changes nothing', async () => {
        const at = domain();
        const exam = await site.admin.createExam({}, { title: `Class ${at}` });
        const zip = zipOf(roster(at, exam.title));
        const result = await report(manager, 'apply', zip, { kind: 'oneroster' });
        expect(result.faults.items).toEqual([]);
        expect(result).toMatchObject({
          applied: true,
          people: { created: 3, changed: 0, unchanged: 0 },
          enrolments: { created: 2, changed: 0, unchanged: 0 },
        });
        expect(result.warnings.items.map(({ message }) => message)).toEqual([
          '1 rows are marked tobedeleted: an import deletes nothing',
          '1 people are not enabled and are left out',
          '1 people are neither students nor proctors and are left out',
          'no exam is named “Nowhere”: its 1 students are not enrolled',
        ]);
        expect(
          (await peopleAt(at))
            .toReversed()
            .map(({ name, role, externalId, studentNumber }) => [name, role, externalId, studentNumber]),
        ).toEqual([
          ['Ana Silva', 'student', 'u1', `S1${at}`],
          ['Bo Y Li', 'student', 'u2', null],
          ['Pat Proctor', 'proctor', 'p1', null],
        ]);
        const before = await stateOf();
        expect(await report(manager, 'apply', zip, { kind: 'oneroster' })).toMatchObject({
          people: { created: 0, changed: 0, unchanged: 3 },
          enrolments: { created: 0, changed: 0, unchanged: 2 },
        });
        expect(await stateOf()).toBe(before);
      });

      test('that enrols people who are nowhere names them, and writes nothing; of people left out it says so once', async () => {
        const at = domain();
        const exam = await site.admin.createExam({}, { title: `Class ${at}` });
        const files = roster(at, exam.title);
        const more =
          '"e5","c1","zzz","student"\n"e6","c1","","student"\n"e7","c1","f1","student"\n"e8","c1","d1","student"\n';
        const zip = zipOf({ ...files, 'enrollments.csv': files['enrollments.csv'] + more });
        const { applied, faults } = await report(manager, 'apply', zip, { kind: 'oneroster' });
        expect(applied).toBe(false);
        expect(faults.items).toEqual([
          {
            file: 'enrollments.csv',
            row: 6,
            column: 'userSourcedId',
            subject: null,
            message: 'no person “zzz”, here or in users.csv',
          },
          {
            file: 'enrollments.csv',
            row: 7,
            column: 'userSourcedId',
            subject: null,
            message: 'no person “”, here or in users.csv',
          },
        ]);
        expect(await peopleAt(at)).toEqual([]);
      });

      test.each([
        ['is no zip', () => Buffer.from('sourcedId,email\n1,a@b.example\n'), 'this is not a zip file'],
        ['has no users.csv', () => zipOf({ 'classes.csv': 'sourcedId,title\n' }), 'the zip has no users.csv'],
        [
          'is a bomb that states its size',
          () => zipOf({ 'users.csv': Buffer.alloc(64 * 2 ** 20) }),
          'users.csv: unpacks to more than 8 MiB, with the files before it',
        ],
        [
          'is a bomb that states a small size',
          () => zipOf({ 'users.csv': Buffer.alloc(64 * 2 ** 20) }, 100),
          'the zip is damaged',
        ],
        [
          'has hundreds of files',
          () => zipOf(Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`f${n}.csv`, 'x']))),
          'the zip has more than 100 files',
        ],
        ['is cut off', () => zipOf({ 'users.csv': 'sourcedId\n' }).subarray(0, 40), 'this is not a zip file'],
        [
          'has a file that was changed since',
          () => {
            const zip = zipOf({ 'users.csv': 'sourcedId\n' });
            // The checksum of the directory's first entry.
            zip[zip.indexOf('PK\x01\x02') + 16]! ^= 1;
            return zip;
          },
          'users.csv is damaged: its checksum differs',
        ],
      ])('that %s is refused', async (_what, zip, message) => {
        const { faults } = await report(manager, 'apply', zip(), { kind: 'oneroster' });
        expect(faults.items).toEqual([note(null, null, message)]);
      });
    });

    test('students, proctors and reviewers import and export nothing', async () => {
      for (const role of ['student', 'proctor', 'reviewer'] as const) {
        const person = await newPerson(site, role);
        for (const act of ['preview', 'apply'] as const)
          expect(await send(person, act, 'email\nx@y.example\n'), role).toMatchObject({ status: 403 });
        expect(await person.send('GET', '/api/export/people'), role).toMatchObject({ status: 403 });
      }
    });
  });
}
