import type { Db } from '../../../../db/executor.ts';
import type { Viewer } from '../../../../db/visibility.ts';
import { ProtocolError } from '../../../../protocol/errors.ts';
import { AuditSearchPage, AuditSearchQuery } from '../../../../protocol/http/audit-search.ts';
import { checkChain } from '../../../access/audit-access.ts';
import { auditPage } from '../../../audit/search/search.ts';
import { type Route, staffRoute } from '../../pipeline/route.ts';

export interface AuditSearchParts {
  readonly db: Db;
}

interface Subject {
  readonly person?: string | undefined;
  readonly exam?: string | undefined;
  readonly session?: string | undefined;
}

/** @throws ProtocolError `bad_request` for a search of everything by others than admins; else as `checkChain` */
async function checkSubject(db: Db, { person, exam, session }: Subject, who: Viewer): Promise<void> {
  if (session !== undefined) await checkChain(db, 'session', session, who);
  if (exam !== undefined) await checkChain(db, 'exam', exam, who);
  // Of a person alone. With an exam or session the entries are those of its chains.
  if (person !== undefined && exam === undefined && session === undefined) await checkChain(db, 'user', person, who);
  if (who.role === 'admin' || (session ?? exam ?? person) !== undefined) return;
  const message = 'name a person, an exam or a session: the whole log is for administrators';
  throw new ProtocolError('bad_request', message, { fields: [{ field: 'query', message }] });
}

export const auditSearchRoutes = ({ db }: AuditSearchParts): Route[] => [
  staffRoute({
    method: 'GET',
    path: '/api/audit/entries',
    tag: 'Audit',
    summary: 'Searches the audit log',
    description:
      'Newest first, by person, exam, session, kind and time. Admins search everything but their own sessions; others name a visible session, an exam that they see as a whole, or an account that they manage, and get no security events.',
    answer: AuditSearchPage,
    problems: ['not_found'],
    query: AuditSearchQuery,
    handle: async ({ query, who }) => {
      await checkSubject(db, query, who);
      return auditPage(db, query, who);
    },
  }),
];
