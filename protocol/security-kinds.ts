/**
 * What is recorded in the audit log as `SECURITY`, by kind. Those of `SECURITY_ACTS` were done; the others were
 * refused.
 */
export const SECURITY_KINDS = {
  // logins
  login: 'A login began',
  login_failed: 'A wrong address or password; target: the account, where there is one',
  login_throttled: 'Too many tries to sign in; target: the account, where there is one',
  login_expired: 'A login that reached the end of its life was used; target: the login',
  logout: 'A login was ended by its user; target: the login',
  logins_ended: 'All logins of a user were ended, or all others; target: the user',
  account_disabled: 'A disabled account tried to sign in, or to go on',
  refresh_reused: 'A refresh token that was used before; the login is closed',
  // passwords, second factors and accounts
  password_changed: 'A user changed their own password',
  password_reset: 'A password was set by a one-time link',
  reset_refused: 'A wrong or used link to set a password',
  reset_link_made: 'A one-time link to set a password was made; target: the account',
  second_factor_added: 'A second factor was added',
  second_factor_removed: 'A second factor was removed',
  second_factor_failed: 'A wrong second factor, or one for a login that is not under way',
  recovery_code_used: 'A recovery code was used in place of a second factor',
  step_up: 'A user proved again who they are',
  registered: 'Somebody made an account for themselves',
  register_refused: 'An account was not made',
  role_changed: 'An account got another role; target: the account',
  user_disabled: 'An account was disabled; target: the account',
  user_enabled: 'A disabled account was enabled; target: the account',
  setup_refused: 'A wrong token for making the first admin, or one when there is an admin',
  // what staff look at
  console_opened: 'A console was connected',
  camera_watched: 'Somebody began to watch a live camera; target: the session',
  camera_left: 'Somebody stopped watching a live camera; target: the session; since: when they began',
  pictures_listed: 'Somebody opened the list of pictures of an incident; target: the event',
  audit_exported: 'Somebody took a part of the audit log as a file; target: the session',
  address_asked: 'An admin asked which entries came from an address',
  // tickets and tokens
  origin_refused: 'A page of an origin that is not allowed asked for a socket',
  host_refused: 'A request for a host that this server is not',
  ticket_forged: 'A ticket that this server did not make, or not so',
  ticket_reused: 'A ticket that was used before',
  ticket_expired: 'A ticket that is too old',
  ticket_wrong_purpose: 'A ticket of the other endpoint',
  ticket_revoked: 'A ticket of a login that is over, or of a user who lost the right to it',
  ticket_not_own: "Another user's or session's ticket, to lengthen a socket's life",
  token_forged:
    'An access or refresh token that this server did not make, or not so; one that is only too old is not recorded',
  // rights
  role_refused: 'Something that the role does not allow',
  not_own: "Somebody else's session, or an exam that is not shown to the student",
  unknown_id: 'Something was asked for by an id that is not there',
  // abuse
  stream_forged: 'A stream of signals that the session does not have',
  sequence_conflict: 'A sequence number that was used for another signal',
  session_taken_over: 'A newer connection of the student took over the session; target: the session',
  session_budget_spent: 'A session sent more signals than its budget; target: the session',
  throttled: 'More requests than are allowed; target: what they were for',
  flood: 'Far more than is allowed: the socket was closed, or the request refused',
} as const;
export type SecurityKind = keyof typeof SECURITY_KINDS;

/** What was done, and not refused. */
export const SECURITY_ACTS: ReadonlySet<SecurityKind> = new Set<SecurityKind>([
  'login',
  'logout',
  'logins_ended',
  'password_changed',
  'password_reset',
  'reset_link_made',
  'second_factor_added',
  'second_factor_removed',
  'recovery_code_used',
  'step_up',
  'registered',
  'role_changed',
  'user_disabled',
  'user_enabled',
  'camera_watched',
  'console_opened',
  'camera_left',
  'pictures_listed',
  'audit_exported',
  'address_asked',
  'session_taken_over',
]);

/** Acts that only staff can do. */
export const STAFF_ACTS: ReadonlySet<SecurityKind> = new Set<SecurityKind>([
  'role_changed',
  'user_disabled',
  'user_enabled',
  'reset_link_made',
  'camera_watched',
  'console_opened',
  'camera_left',
  'pictures_listed',
  'audit_exported',
  'address_asked',
]);
