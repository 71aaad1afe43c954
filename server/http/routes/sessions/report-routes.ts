import { PathId } from '../../../../protocol/http/lists.ts';
import { PdfFile, ReportFileQuery } from '../../../../protocol/http/report-files.ts';
import { staffSession } from '../../../access/session-access.ts';
import type { SecurityLog } from '../../../audit/security/security-log.ts';
import type { Clock } from '../../../clock.ts';
import { type ReportParts, reportFile } from '../../../report/report-file.ts';
import { FileQueue } from '../../../results/file-queue.ts';
import { Reply, type Route, staffRoute } from '../../pipeline/route.ts';

export interface ReportRouteParts extends ReportParts {
  readonly security: Pick<SecurityLog, 'record'>;
  readonly clock: Clock;
}

/** The report of a session as a file. */
export function reportRoutes(parts: ReportRouteParts): Route[] {
  const files = new FileQueue();
  return [
    staffRoute({
      line: 'own',
      method: 'GET',
      path: '/api/sessions/:id/report',
      stepUp: 'factor',
      tag: 'Review',
      summary: 'Exports the report of a session as PDF',
      description:
        'Everything that is recorded, of one moment: scores before and after review, verdicts, accommodations, incidents with decisions and pictures, and the state of the audit log. Times are those of the zone of the exam. At most 150 pictures, each recorded as a view. One file per person at a time. The export is recorded in the audit log.',
      produces: 'application/pdf',
      answer: PdfFile,
      params: PathId,
      query: ReportFileQuery,
      handle: async ({ params, query, who, address, left }) => {
        const { id } = await staffSession(parts.db, params.id, who, 'read');
        const at = new Date(parts.clock());
        const file = await files.run({ person: who.userId, isLarge: query.pictures, left }, () =>
          reportFile(parts, id, who, { pictures: query.pictures, at, left }),
        );
        parts.security.record({ kind: 'report_exported', actor: who.userId, target: id, address });
        return new Reply(200, file, {
          'Content-Disposition': `attachment; filename="report-${id}.pdf"`,
          'Cache-Control': 'no-store',
        });
      },
    }),
  ];
}
