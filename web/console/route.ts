import { UUID } from '../../protocol/uuid.ts';

/** Pages of the console; the URL hash names them, so that every page can be linked to. */
export type Route =
  | { readonly page: 'exams' }
  /** Admins only. */
  | { readonly page: 'security' }
  /** Undefined: all exams. */
  | { readonly page: 'wall'; readonly exam: string | undefined }
  | { readonly page: 'session' | 'review' | 'report'; readonly session: string };

const ID = new RegExp(`^${UUID}$`, 'i');

/** Pure: an unknown hash is the exam list. */
export function parseRoute(hash: string): Route {
  const [first, id = '', third] = hash.replace(/^#?\/?/, '').split('/');
  if (first === 'security') return { page: 'security' };
  if (first === 'all') return { page: 'wall', exam: undefined };
  if (first === 'exam' && ID.test(id)) return { page: 'wall', exam: id };
  if (first === 'session' && ID.test(id))
    return { page: third === 'review' || third === 'report' ? third : 'session', session: id };
  return { page: 'exams' };
}

/** Pure: the `href` of a page. */
export function hrefOf(route: Route): string {
  if (route.page === 'exams') return '#/';
  if (route.page === 'security') return '#/security';
  if (route.page === 'wall') return route.exam ? `#/exam/${route.exam}` : '#/all';
  return `#/session/${route.session}${route.page === 'session' ? '' : `/${route.page}`}`;
}
