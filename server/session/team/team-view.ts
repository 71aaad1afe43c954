import type { NamedTeamRow, NoteRow } from '../../../db/session-team.ts';
import type { SessionNote } from '../../../protocol/http/team.ts';
import type { Member, Team } from '../../../protocol/team.ts';

const member = (id: string, name: string | null): Member => ({ id, name: name ?? '' });

/** A session's staff as consoles show it. @param row undefined: nobody has done anything */
export function teamView(session: string, row: NamedTeamRow | undefined, viewers: readonly Member[]): Team {
  const { seen_by: seenBy, seen_at: seenAt, claimed_by: by, claimed_at: at, claimed_from: from } = row ?? {};
  return {
    session,
    seen: seenBy && seenAt ? { by: member(seenBy, row!.seen_name), at: seenAt.toISOString() } : null,
    claim:
      by && at
        ? {
            by: member(by, row!.claimed_name),
            at: at.toISOString(),
            from: from ? member(from, row!.claimed_from_name) : null,
          }
        : null,
    notes: row?.notes ?? 0,
    viewers: [...viewers],
  };
}

export const noteView = ({ id, session_id, text, by, by_name, by_email, created_at }: NoteRow): SessionNote => ({
  id,
  sessionId: session_id,
  text,
  by: { id: by, name: by_name, email: by_email },
  at: created_at.toISOString(),
});
