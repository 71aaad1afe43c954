/** What is refused and recorded, by kind. */
export const SECURITY_KINDS = {
  origin_refused: 'A page of an origin that is not allowed asked for a socket',
  ticket_forged: 'A ticket that this server did not make, or not so',
  ticket_reused: 'A ticket that was used before',
  ticket_expired: 'A ticket that is too old',
  ticket_wrong_purpose: 'A ticket of the other endpoint',
  ticket_revoked: 'A ticket of a login that is over, or of a user who lost the right to it',
  ticket_not_own: "Another user's or session's ticket, to lengthen a socket's life",
  token_forged: 'An access or refresh token that this server did not make, or not so; one that is only too old is not recorded',
  refresh_reused: 'A refresh token that was used before; the login is closed',
  setup_refused: 'A wrong token for making the first admin, or one when there is an admin',
  login_throttled: 'Too many tries to sign in',
  role_refused: 'Something that the role does not allow',
  not_own: "Somebody else's session, or an exam that is not shown to the student",
  unknown_id: 'A console asked for a session that is not there',
  stream_forged: 'A stream of signals that the session does not have',
  sequence_conflict: 'A sequence number that was used for another signal',
  flood: 'Far more than is allowed: the socket was closed, or the request refused',
} as const;
export type SecurityKind = keyof typeof SECURITY_KINDS;
