import fc from 'fast-check';
import type { ReadmissionKind } from '../../protocol/http/readmissions.ts';

/** Something that a student, a proctor, an exam office or time does to one student's exam. */
export type ExamAct =
  | { readonly do: 'start'; readonly times: number }
  | { readonly do: 'finish' | 'terminate' | 'pause' | 'resume' | 'withdraw' | 'unenrol' }
  | { readonly do: 'extend'; readonly minutes: number }
  | { readonly do: 'enrol'; readonly minutes: number; readonly profile: boolean }
  | {
      readonly do: 'readmit';
      readonly kind: ReadmissionKind;
      readonly minutes: number;
      /** Minutes from now to the latest end; null: the end of the exam's window. */
      readonly until: number | null;
    }
  | { readonly do: 'status'; readonly to: 'active' | 'completed' }
  | { readonly do: 'wait'; readonly minutes: number }
  /** At the same time. */
  | { readonly do: 'together'; readonly acts: readonly ExamAct[] };

const minutes = (min: number, max: number) => fc.integer({ min, max });

const start = fc.record({ do: fc.constant('start' as const), times: fc.constantFrom(1, 1, 2, 3) });
const readmit = fc.record({
  do: fc.constant('readmit' as const),
  kind: fc.constantFrom<ReadmissionKind[]>('continue', 'new'),
  minutes: fc.constantFrom(0, 0, 5, 20),
  until: fc.constantFrom(null, null, 15, 400),
});
const enrol = fc.record({
  do: fc.constant('enrol' as const),
  minutes: fc.constantFrom(0, 15, 45),
  profile: fc.boolean(),
});
const simple = <D extends 'finish' | 'terminate' | 'pause' | 'resume' | 'withdraw' | 'unenrol'>(...which: D[]) =>
  fc.constantFrom(...which).map((one) => ({ do: one }));

const ACT: fc.Arbitrary<ExamAct> = fc.oneof(
  { weight: 6, arbitrary: start },
  { weight: 4, arbitrary: simple('finish', 'terminate') },
  { weight: 2, arbitrary: simple('pause', 'resume', 'unenrol', 'withdraw') },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('extend' as const), minutes: minutes(1, 30) }) },
  { weight: 5, arbitrary: readmit },
  { weight: 2, arbitrary: enrol },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('status' as const),
      to: fc.constantFrom('active' as const, 'completed' as const),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('wait' as const), minutes: minutes(1, 50) }) },
);

const RACING: fc.Arbitrary<ExamAct> = fc.oneof(
  start,
  simple('finish', 'terminate', 'unenrol', 'withdraw'),
  fc.record({ do: fc.constant('extend' as const), minutes: minutes(1, 30) }),
  readmit,
  enrol,
  fc.record({ do: fc.constant('status' as const), to: fc.constantFrom('active' as const, 'completed' as const) }),
);

/** A readmission with an end, handed in before it, and a start after that. */
const AGAIN = fc
  .record({ kind: readmit.map(({ kind }) => kind), until: fc.constantFrom(15, 30) })
  .map(({ kind, until }): ExamAct[] => [
    { do: 'start', times: 1 },
    { do: 'finish' },
    { do: 'readmit', kind, minutes: 0, until },
    { do: 'start', times: 1 },
    { do: 'finish' },
    { do: 'start', times: 2 },
  ]);

/** Sequences that begin before the exam opens, with some acts that race each other. */
export const EXAM_ACTS = fc
  .array(
    fc.oneof(
      { weight: 10, arbitrary: ACT.map((act) => [act]) },
      { weight: 2, arbitrary: fc.tuple(RACING, RACING).map((acts): ExamAct[] => [{ do: 'together', acts }]) },
      { weight: 1, arbitrary: AGAIN },
    ),
    { minLength: 10, maxLength: 30, size: 'max' },
  )
  .map((parts) => parts.flat());
