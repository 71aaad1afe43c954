import { UUID } from '../../protocol/uuid.ts';

/** Pages with a URL of their own, after `#`. The steps into an exam have none, so that none of them can be skipped. */
export type Route = { readonly page: 'exams' } | { readonly page: 'record'; readonly session: string };

const RECORD = new RegExp(`^#?/?record/(${UUID})$`, 'i');

/** Pure: an unknown hash is the exam list. */
export function parseRoute(hash: string): Route {
  const session = RECORD.exec(hash)?.[1];
  return session ? { page: 'record', session } : { page: 'exams' };
}

export const hrefOf = (route: Route): string => (route.page === 'record' ? `#/record/${route.session}` : '#/');
