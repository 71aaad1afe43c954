import type { ErrorCode } from '../../../../protocol/errors.ts';

/** Facts of an error that a text may need. */
export interface Problem {
  /** The server's own text, as a sentence. */
  readonly detail: string;
  /** The same request may succeed later. */
  readonly retryable: boolean;
  /** Time after which a retry can succeed, as text; undefined if the server states none. */
  readonly wait: string | undefined;
}

export type ProblemText = string | ((problem: Problem) => string);

const tooMany = ({ wait }: Problem) =>
  wait === undefined ? 'Too many attempts. Try again later.' : `Too many attempts. Try again in ${wait}.`;
const notReadable = 'The server did not understand this page. Reload the page and try again.';
const sessionOver = 'The exam session has ended.';
const outOfStep = 'The connection to the server got out of step. Reload the page.';

/**
 * Texts by error code, in place of the server's own. `detail` is repeated only where it has facts that the code lacks,
 * for example the reason why a password was refused.
 */
export const problems = {
  // requests
  bad_request: ({ detail }) => `The server did not accept this input. ${detail}`,
  malformed_json: notReadable,
  malformed_body: notReadable,
  idempotency_conflict: 'This request was already sent with other content. Reload the page and try again.',
  not_found: 'Not found. It may have been deleted, or you do not have access to it.',
  method_not_allowed: notReadable,
  length_required: notReadable,
  too_large: 'This is too large for the server.',
  unsupported_media_type: 'The server does not accept files of this type.',
  request_timeout: 'The upload took too long. Check your connection and try again.',
  rate_limited: tooMany,
  internal: 'The server failed. The action may have taken effect: check before you repeat it.',
  unavailable: ({ detail, retryable }) =>
    retryable ? 'The server is busy or restarting. Try again in a moment.' : `The server cannot do this. ${detail}`,
  // identity
  unauthenticated: 'You are not logged in, or your login has ended. Please log in again.',
  token_expired: 'Your login has expired. Please log in again.',
  forbidden: 'Your role does not permit this.',
  bad_credentials: 'Wrong email address or password.',
  refresh_reused: 'Your login has ended. Please log in again.',
  refresh_raced: 'Another tab has renewed your login. Reload the page.',
  account_disabled: 'This account is disabled. Please contact your administrator.',
  email_taken: 'An account with this email address already exists.',
  registration_refused: 'Registration failed. If you already have an account, log in.',
  registration_closed: 'You cannot register here. An administrator creates accounts.',
  weak_password: ({ detail }) => `Choose another password. ${detail}`,
  wrong_password: 'Wrong password.',
  reset_closed: 'The link has been used, has expired or was replaced. Ask for a new one.',
  second_factor_required: 'A second factor is required.',
  second_factor_setup_required: 'Your role requires a second factor. Set it up or verify it on your account page.',
  bad_second_factor: 'The code is wrong or was already used, or the passkey was not accepted.',
  second_factor_exists: ({ detail }) => `This second factor cannot be added. ${detail}`,
  step_up_required: 'This action requires your second factor again, or your password if you have none.',
  setup_closed:
    'The link is invalid or has expired, or an administrator already exists. Restarting the server makes a new link.',
  last_admin: 'This is the last enabled administrator. Create another one first.',
  bad_ticket: 'The connection could not be confirmed. Reload the page.',
  bad_origin: 'This page may not use the server. Open it under the server’s own address.',
  unknown_host: 'The server does not know the address of this page. Use the address that you were given.',
  // exams and sessions
  exam_not_active: 'The exam is not open.',
  exam_outside_window: ({ retryable }) => (retryable ? 'The exam has not started yet.' : 'The exam has ended.'),
  changed_meanwhile: 'Somebody else has changed this meanwhile. Nothing was saved.',
  not_enrolled: 'The student is no longer enrolled in this exam. Nothing was saved.',
  has_exams:
    'The account has enrolments or sessions in exams of its organisation, where its name would go on being read. Make a new account in the other organisation.',
  exam_has_sessions: 'The exam has sessions. End the running ones first; to delete the exam, archive it.',
  bad_transition: 'The status of the exam does not allow this. It may have changed: refresh the page.',
  unknown_policy_version: 'The exam’s policy has no such version.',
  attempts_used: 'You have used all attempts of this exam.',
  readmission_required: 'Only exam staff can let you start this exam again.',
  act_of_staff: 'Acts of staff are facts: they are neither confirmed nor dismissed.',
  no_deadline: 'The session has no time limit to extend.',
  pictures_off: 'This exam keeps no images.',
  unknown_category: 'The exam no longer has this category. Choose another.',
  check_in_required: 'The exam starts after a check-in: staff of the exam look at what you show and let you in.',
  check_in_off: 'This exam asks for no check-in.',
  check_in_state: 'The check-in has moved on. Reload and look at it first.',
  check_in_changed: 'The check-in has changed meanwhile. Look at it again.',
  check_in_incomplete: 'Something that the exam asks for is missing.',
  claim_changed: 'Somebody else has taken, handed over or released this session meanwhile. Look who has it now.',
  readmission_pending: 'The student has a readmission that is not used yet.',
  profile_name_taken: 'Another profile has this name.',
  profile_archived: 'The profile is archived.',
  profile_changed: 'Somebody else has changed the profile meanwhile. Nothing was saved.',
  profile_in_use: 'The profile is in use. Archive it instead.',
  session_exists: 'A session of this exam is already running.',
  session_over: sessionOver,
  decided_meanwhile: 'Somebody has decided about some of these events meanwhile. Nothing was changed; look again.',
  verdict_missing: 'There is no verdict.',
  newer_verdict: 'Somebody has given a newer verdict. Reload and look at it first.',
  already_released: 'The student sees this verdict already.',
  second_person_required: 'The exam’s policy asks for a second person: whoever gave the verdict does not release it.',
  person_involved:
    'This person gave or released a verdict on this session, decided an earlier appeal, or ended the session. Somebody else decides.',
  window_closed: 'The time for this is over.',
  already_answered: 'You have answered already.',
  already_appealed: 'You have appealed already.',
  appeal_open:
    'An appeal is open. Until its outcome the verdict stays, the session does not continue, and nothing of it is deleted.',
  appeal_missing: 'No appeal is open.',
  session_running: 'The exam session has not ended yet.',
  session_paused: 'The exam session is paused.',
  session_not_live: 'The exam session is connected elsewhere.',
  challenges_off: 'Head turns are switched off for this session, by the exam’s policy or an accommodation.',
  request_pending: 'Another request to this student is pending. Wait for its outcome.',
  start_picture_missing: 'This session has no picture of its start.',
  // audit
  already_initialised: 'The audit log is already initialised.',
  no_checkpoint_yet: 'The audit log has not been signed that far yet. Try again in a moment.',
  // sockets
  bad_message: outOfStep,
  unexpected_binary: outOfStep,
  hello_expected: outOfStep,
  already_greeted: outOfStep,
  unknown_stream: outOfStep,
  bad_sequence: outOfStep,
  sequence_conflict: outOfStep,
  window_exceeded: outOfStep,
  reserved_signal: 'The page sent a signal that only the server may record.',
  bad_frame_header: outOfStep,
  frame_too_large: 'The camera image is too large.',
  picture_too_large: 'The camera image is too large.',
  frame_out_of_order: outOfStep,
  invalid_image: 'The server could not read the camera image.',
  frames_refused: 'The images of this session are no longer analysed.',
  too_many_frames: 'Too many camera images were sent.',
} satisfies Readonly<Record<ErrorCode, ProblemText>>;
