import { UUID } from '../../protocol/uuid.ts';
import { type CheckInFilter, checkInFilterQuery, parseCheckInFilter } from './check-in/check-in-filter.ts';
import { parseVerdictFilter, type VerdictFilter, verdictFilterQuery } from './verdict-filter.ts';
import { filterQuery, parseFilter, type SessionFilter } from './session-filter.ts';

/** Pages of the console; the URL hash names them, so that every page can be linked to. */
export type Route =
  | { readonly page: 'exams' }
  | { readonly page: 'unknown' }
  /** Admins only. */
  | { readonly page: 'security' }
  | { readonly page: 'sessions'; readonly filter: SessionFilter }
  | { readonly page: 'verdicts'; readonly filter: VerdictFilter }
  | { readonly page: 'check-ins'; readonly filter: CheckInFilter }
  /** Undefined: all exams. */
  | { readonly page: 'wall'; readonly exam: string | undefined }
  | { readonly page: 'session' | 'review' | 'report'; readonly session: string };

const ID = new RegExp(`^${UUID}$`, 'i');

/** Pure: the page of a hash. */
export function parseRoute(hash: string): Route {
  const [path = '', query] = hash.replace(/^#?\/?/, '').split('?');
  const [first, id = '', third] = path.split('/');
  if (first === 'sessions') return { page: 'sessions', filter: parseFilter(new URLSearchParams(query)) };
  if (first === 'verdicts') return { page: 'verdicts', filter: parseVerdictFilter(new URLSearchParams(query)) };
  if (first === 'check-ins') return { page: 'check-ins', filter: parseCheckInFilter(new URLSearchParams(query)) };
  if (first === 'security') return { page: 'security' };
  if (first === 'all') return { page: 'wall', exam: undefined };
  if (first === 'exam' && ID.test(id)) return { page: 'wall', exam: id };
  if (first === 'session' && ID.test(id))
    return { page: third === 'review' || third === 'report' ? third : 'session', session: id };
  return { page: path === '' ? 'exams' : 'unknown' };
}

/** Pure: the `href` of a page. */
export function hrefOf(route: Route): string {
  if (route.page === 'exams' || route.page === 'unknown') return '#/';
  if (route.page === 'sessions') {
    const query = filterQuery(route.filter);
    return query === '' ? '#/sessions' : `#/sessions?${query}`;
  }
  if (route.page === 'verdicts') {
    const query = verdictFilterQuery(route.filter);
    return query === '' ? '#/verdicts' : `#/verdicts?${query}`;
  }
  if (route.page === 'check-ins') {
    const query = checkInFilterQuery(route.filter);
    return query === '' ? '#/check-ins' : `#/check-ins?${query}`;
  }
  if (route.page === 'security') return '#/security';
  if (route.page === 'wall') return route.exam ? `#/exam/${route.exam}` : '#/all';
  return `#/session/${route.session}${route.page === 'session' ? '' : `/${route.page}`}`;
}
