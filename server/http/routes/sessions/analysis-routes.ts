import { listAnalysisMinutes } from '../../../../db/analysis-minutes.ts';
import { listIncidents } from '../../../../db/events.ts';
import type { Db } from '../../../../db/executor.ts';
import { AnalysisPage, AnalysisQuery } from '../../../../protocol/http/analysis.ts';
import { PathId } from '../../../../protocol/http/lists.ts';
import { staffSession } from '../../../access/session-access.ts';
import type { Clock } from '../../../clock.ts';
import { analysisView } from '../../../session/frames/analysis-view.ts';
import { pageBy } from '../../lists/page.ts';
import { staffRoute, type Route } from '../../pipeline/route.ts';

export interface AnalysisRouteParts {
  readonly db: Db;
  readonly clock: Clock;
}

const MINUTE_MS = 60_000;

export const analysisRoutes = ({ db, clock }: AnalysisRouteParts): Route[] => [
  staffRoute({
    method: 'GET',
    path: '/api/proctoring/attempt/:id/ai-analysis',
    tag: 'Proctoring',
    summary: 'Returns analysis results of a session per minute',
    description: 'The current minute lags by at most 15 s.',
    answer: AnalysisPage,
    params: PathId,
    query: AnalysisQuery,
    handle: async ({ params, query, who }) => {
      await staffSession(db, params.id, who, 'read');
      const after = query.cursor === undefined ? undefined : new Date(query.cursor);
      const rows = await listAnalysisMinutes(db, { session: params.id, after, limit: query.limit });
      const [first, last] = [rows[0]?.minute, rows.at(-1)?.minute];
      const incidents =
        first && last
          ? await listIncidents(db, { session: params.id, from: first, until: new Date(last.getTime() + MINUTE_MS) })
          : [];
      const items = analysisView(rows, incidents, clock());
      return {
        sessionId: params.id,
        ...pageBy(
          items,
          query.limit,
          (item) => item,
          ({ minute }) => minute,
        ),
      };
    },
  }),
];
