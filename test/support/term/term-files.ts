/** Files of an exam office: 300 people, seven of them with a mistake, and their rooms and seats. */

const FIRST = ['Amélie', 'Bartłomiej', 'Chloé', 'Dóra', 'Élodie', 'François', 'Gül', 'Håkon', 'Inês', 'Jürgen'];
const LAST = [
  'Ångström',
  'Björk',
  'Çelik',
  'D’Angelo',
  'Ekström',
  'Fernández',
  'García',
  'Hämäläinen',
  'Iñíguez',
  'Jørgensen',
];
export const PEOPLE = 300;

interface Row {
  readonly email: string;
  readonly name: string;
  readonly number: string;
}

export const studentAt = (index: number): Row => ({
  email: `student${index}@university.example`,
  name: `${FIRST[index % 10]!} ${LAST[Math.floor(index / 10) % 10]!} ${'I'.repeat(1 + Math.floor(index / 100))}`,
  number: String(20_260_000 + index),
});

const HEADER = 'Email;Name;Role;Student number';
const lineOf = ({ email, name, number }: Row) => `${email};${name};student;${number}`;
const good = Array.from({ length: PEOPLE }, (_, index) => lineOf(studentAt(index)));

/** Wrong rows by their place in the file, with the words that name the mistake. */
export const MISTAKES: readonly { readonly index: number; readonly line: string; readonly words: string }[] = [
  { index: 11, line: 'student11.university.example;Björk;student;20260011', words: 'is not an email address' },
  { index: 42, line: lineOf(studentAt(42)).replace(';student;', ';pupil;'), words: 'is not a role' },
  { index: 77, line: lineOf({ ...studentAt(77), email: studentAt(7).email }), words: 'The same address as in row 9' },
  {
    index: 103,
    line: lineOf({ ...studentAt(103), number: studentAt(3).number }),
    words: 'The same student number as in row 5',
  },
  { index: 150, line: lineOf({ ...studentAt(150), email: '' }), words: 'a new one needs an address' },
  { index: 208, line: lineOf({ ...studentAt(208), name: 'García; Dóra' }), words: 'Has 5 cells' },
  {
    index: 299,
    line: lineOf({ ...studentAt(299), number: '2,0263E+07' }),
    words: 'a number that a spreadsheet shortened',
  },
];

const fileOf = (lines: readonly string[]) => Buffer.from(`\uFEFF${[HEADER, ...lines].join('\r\n')}\r\n`);
/** As Excel writes it. */
export const peopleFile = (): Buffer => fileOf(good);
export const peopleFileWithMistakes = (): Buffer =>
  fileOf(good.map((line, index) => MISTAKES.find((one) => one.index === index)?.line ?? line));

export const ROOMS = ['Aula', 'B 202', 'C 3'] as const;
export const roomOf = (index: number): (typeof ROOMS)[number] => ROOMS[index % 3]!;
/** Students with an accommodation profile. */
export const isAccommodated = (index: number): boolean => index % 50 === 4;

export const roomsFile = (profile: string): Buffer =>
  Buffer.from(
    [
      'Student number,Room,Seat,Accommodations',
      ...Array.from(
        { length: PEOPLE },
        (_, index) =>
          `${studentAt(index).number},${roomOf(index)},${Math.floor(index / 3) + 1},${isAccommodated(index) ? profile : ''}`,
      ),
    ].join('\n'),
  );
