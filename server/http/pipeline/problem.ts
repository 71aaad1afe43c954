import { z } from 'zod';
import { problemType } from '../../../protocol/problem-type.ts';
import { ERROR_CODES, type ErrorCode, type ProtocolError } from '../../../protocol/errors.ts';

/** HTTP status by error code; 400 for all others. */
const STATUS: Partial<Record<ErrorCode, number>> = {
  unauthenticated: 401,
  token_expired: 401,
  bad_credentials: 401,
  refresh_reused: 401,
  second_factor_required: 401,
  bad_ticket: 401,
  forbidden: 403,
  account_disabled: 403,
  second_person_required: 403,
  person_involved: 403,
  setup_closed: 403,
  registration_closed: 403,
  registration_refused: 403,
  reset_closed: 403,
  // Not 401: the login itself is valid, and renewing its tokens would not help.
  wrong_password: 403,
  bad_second_factor: 403,
  second_factor_setup_required: 403,
  step_up_required: 403,
  bad_origin: 403,
  not_found: 404,
  method_not_allowed: 405,
  request_timeout: 408,
  refresh_raced: 409,
  email_taken: 409,
  last_admin: 409,
  second_factor_exists: 409,
  exam_has_sessions: 409,
  changed_meanwhile: 409,
  not_enrolled: 409,
  has_exams: 409,
  bad_transition: 409,
  session_running: 409,
  session_paused: 409,
  no_deadline: 409,
  claim_changed: 409,
  pictures_off: 409,
  unknown_category: 409,
  check_in_required: 409,
  check_in_off: 409,
  check_in_state: 409,
  check_in_changed: 409,
  check_in_incomplete: 409,
  session_not_live: 409,
  decided_meanwhile: 409,
  act_of_staff: 409,
  verdict_missing: 409,
  newer_verdict: 409,
  already_released: 409,
  window_closed: 409,
  already_answered: 409,
  already_appealed: 409,
  appeal_open: 409,
  appeal_missing: 409,
  challenges_off: 409,
  request_pending: 409,
  start_picture_missing: 409,
  already_initialised: 409,
  no_checkpoint_yet: 409,
  exam_not_active: 409,
  exam_outside_window: 409,
  attempts_used: 409,
  readmission_required: 409,
  readmission_pending: 409,
  profile_name_taken: 409,
  profile_archived: 409,
  profile_in_use: 409,
  profile_changed: 409,
  session_exists: 409,
  session_over: 409,
  length_required: 411,
  too_large: 413,
  frame_too_large: 413,
  picture_too_large: 413,
  unsupported_media_type: 415,
  unknown_host: 421,
  idempotency_conflict: 422,
  unknown_policy_version: 422,
  invalid_image: 422,
  frames_refused: 422,
  rate_limited: 429,
  too_many_frames: 429,
  internal: 500,
  unavailable: 503,
};

export const statusOf = (code: ErrorCode): number => STATUS[code] ?? 400;

export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    /** Stable; use it in programs. */
    code: z.enum(ERROR_CODES),
    detail: z.string(),
    /** The same request may succeed later. */
    retryable: z.boolean(),
    /** Subject of the error, for example the id of the running session. */
    ref: z.union([z.string(), z.number()]).optional(),
    /** Invalid fields by path: `body.email`, `query.limit`. */
    errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem' });

/** RFC 9457 body. `code` is stable; `title` and `detail` are for people. */
export function problemBody(error: ProtocolError): Record<string, unknown> {
  return {
    type: problemType(error.code),
    title: error.code.replaceAll('_', ' '),
    status: statusOf(error.code),
    code: error.code,
    detail: error.message,
    retryable: error.retryable,
    ...(error.ref === undefined ? {} : { ref: error.ref }),
    ...(error.fields.length === 0 ? {} : { errors: error.fields }),
  };
}
