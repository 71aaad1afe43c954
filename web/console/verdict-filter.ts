import { VERDICT_STATES, type VerdictState } from '../../protocol/verdict-states.ts';
import { UUID } from '../../protocol/uuid.ts';

/** Filter of the list of verdicts, as its address has it; empty: any. */
export interface VerdictFilter {
  readonly state: '' | VerdictState;
  readonly exam: string;
  /** Verdicts given by the reader, appeals given to them, or appeals given to nobody. */
  readonly whose: 'any' | 'judge' | 'officer' | 'none';
  readonly overdue: boolean;
}

export const WHOSE = ['any', 'judge', 'officer', 'none'] as const satisfies readonly VerdictFilter['whose'][];
export const ALL_VERDICTS: VerdictFilter = { state: '', exam: '', whose: 'any', overdue: false };

const ID = new RegExp(`^${UUID}$`, 'i');

const oneOf = <T extends string>(values: readonly T[], value: string | null): T | undefined =>
  values.find((each) => each === value);

/** Pure: unknown values are left out. */
export function parseVerdictFilter(params: URLSearchParams): VerdictFilter {
  const exam = params.get('exam') ?? '';
  return {
    state: oneOf(VERDICT_STATES, params.get('state')) ?? '',
    exam: ID.test(exam) ? exam : '',
    whose: oneOf(WHOSE, params.get('whose')) ?? 'any',
    overdue: params.get('overdue') === 'true',
  };
}

/** Pure: what differs from all verdicts. */
export function verdictFilterQuery({ state, exam, whose, overdue }: VerdictFilter): string {
  const query = new URLSearchParams();
  if (state) query.set('state', state);
  if (exam) query.set('exam', exam);
  if (whose !== 'any') query.set('whose', whose);
  if (overdue) query.set('overdue', 'true');
  return query.toString();
}

/** Pure: query of `GET /api/verdicts` by a person. */
export function verdictQuery({ state, exam, whose, overdue }: VerdictFilter, person: string): URLSearchParams {
  const query = new URLSearchParams({ limit: '50' });
  if (state) query.set('state', state);
  if (exam) query.set('exam', exam);
  if (whose === 'judge') query.set('judge', person);
  if (whose === 'officer') query.set('officer', person);
  if (whose === 'none') query.set('officer', 'none');
  if (overdue) query.set('overdue', 'true');
  return query;
}
