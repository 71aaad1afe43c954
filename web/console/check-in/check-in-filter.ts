import { CHECK_IN_STATES, type CheckInState } from '../../../protocol/check-in-bounds.ts';
import { UUID } from '../../../protocol/uuid.ts';

/** Filter of the list of check-ins, as its address has it. */
export interface CheckInFilter {
  /** Empty: any that is open. */
  readonly state: '' | CheckInState;
  /** Empty: all exams. */
  readonly exam: string;
  /** Empty: all rooms. */
  readonly room: string;
}

/** At first those who wait. */
export const WAITING: CheckInFilter = { state: 'waiting', exam: '', room: '' };
const ANY = 'open';

const ID = new RegExp(`^${UUID}$`, 'i');

/** Pure: unknown values are left out. */
export function parseCheckInFilter(params: URLSearchParams): CheckInFilter {
  const exam = params.get('exam') ?? '';
  const state = params.get('state');
  return {
    state: state === ANY ? '' : (CHECK_IN_STATES.find((each) => each === state) ?? WAITING.state),
    exam: ID.test(exam) ? exam : '',
    room: params.get('room') ?? '',
  };
}

/** Pure: what differs from all who wait. */
export function checkInFilterQuery({ state, exam, room }: CheckInFilter): string {
  const query = new URLSearchParams();
  if (state !== WAITING.state) query.set('state', state || ANY);
  if (exam) query.set('exam', exam);
  if (room) query.set('room', room);
  return query.toString();
}

/** Rows read at a time: a list that is watched is read again and again. */
export const LISTED = 100;

/** Pure: query of `GET /api/check-ins`. */
export function checkInQuery({ state, exam, room }: CheckInFilter): string {
  const query = new URLSearchParams({ limit: String(LISTED) });
  if (state) query.set('state', state);
  else query.set('open', 'true');
  if (exam) query.set('exam', exam);
  if (room) query.set('room', room);
  return query.toString();
}
