/**
 * Kinds of `SECURITY` entries of the audit log, with their descriptions. Kinds in `SECURITY_ACTS` are acts; the others
 * are refusals. Part of the description before the first semicolon is displayed.
 */
export const SECURITY_KINDS = {
  // logins
  login: 'Login',
  login_failed: 'Wrong email address or password; target: the account, if it exists',
  login_throttled: 'Too many login attempts; target: the account, if it exists',
  login_expired: 'Expired login used; target: the login',
  logout: 'Logout; target: the login',
  logins_ended: 'All logins of a user ended, or all others; target: the user',
  account_disabled: 'Login or renewal of a disabled account',
  refresh_reused: 'Refresh token reused; the login is closed',
  // passwords, second factors and accounts
  password_changed: 'Password changed by its user',
  password_reset: 'Password set with a one-time link',
  reset_refused: 'Invalid or used password link',
  reset_link_made: 'Password link created; target: the account',
  second_factor_added: 'Second factor added',
  second_factor_removed: 'Second factor removed',
  second_factor_failed: 'Wrong second factor, or one for a login that is not in progress',
  recovery_code_used: 'Recovery code used instead of a second factor',
  step_up: 'Identity confirmed again',
  registered: 'Self-registration',
  register_refused: 'Registration refused',
  role_changed: 'Role changed; target: the account',
  user_disabled: 'Account disabled; target: the account',
  user_enabled: 'Account enabled again; target: the account',
  setup_refused: 'Setup refused: wrong token, or an admin exists',
  // API keys
  key_created: 'API key created; target: the key',
  key_changed: 'API key renamed, or its expiry changed; target: the key',
  key_revoked: 'API key revoked; target: the key',
  key_refused: 'Invalid, expired or revoked API key; target: the key, if it exists',
  key_scope_refused: 'Request outside the scopes of an API key; actor: the key',
  // access by staff
  console_opened: 'Console connected',
  camera_watched: 'Live camera opened; target: the session',
  camera_left: 'Live camera closed; target: the session; since: when it was opened',
  pictures_listed: 'Picture list of an incident opened; target: the event',
  audit_exported: 'Part of the audit log exported; target: the session',
  address_asked: 'Entries of an address looked up by an admin',
  // tickets and tokens
  origin_refused: 'Socket requested by a page of a foreign origin',
  host_refused: 'Request for an unknown host',
  ticket_forged: 'Forged ticket',
  ticket_reused: 'Ticket reused',
  ticket_expired: 'Expired ticket',
  ticket_wrong_purpose: 'Ticket for the other endpoint',
  ticket_revoked: 'Ticket of an ended login, or of a user without permission',
  ticket_not_own: 'Ticket of another user or session, sent to extend a socket',
  token_forged: 'Forged access or refresh token; merely expired ones are not recorded',
  // rights
  role_refused: 'Not permitted for the role',
  not_own: 'Session, exam or account that the user cannot see',
  own_session: 'Staff access to a session of their own; target: the session',
  unknown_id: 'Unknown id requested',
  // abuse
  stream_forged: 'Signal stream that the session does not have',
  sequence_conflict: 'Sequence number used for another signal',
  session_taken_over: 'Session taken over by a newer connection of the student; target: the session',
  session_budget_spent: 'Signal budget of a session exceeded; target: the session',
  throttled: 'Rate limit exceeded; target: the limited operation',
  flood: 'Flood: socket closed, or request refused',
} as const;
export type SecurityKind = keyof typeof SECURITY_KINDS;

/** Kinds that are acts, not refusals. */
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
  'key_created',
  'key_changed',
  'key_revoked',
  'camera_watched',
  'console_opened',
  'camera_left',
  'pictures_listed',
  'audit_exported',
  'address_asked',
  'session_taken_over',
]);

/** Acts that require a staff role. */
export const STAFF_ACTS: ReadonlySet<SecurityKind> = new Set<SecurityKind>([
  'role_changed',
  'user_disabled',
  'user_enabled',
  'key_created',
  'key_changed',
  'key_revoked',
  'reset_link_made',
  'camera_watched',
  'console_opened',
  'camera_left',
  'pictures_listed',
  'audit_exported',
  'address_asked',
]);
