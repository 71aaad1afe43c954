import { UUID } from '../../protocol/uuid.ts';

/** Pages that can be linked to, by the part of the address after `#`. The way into an exam is none: it is walked. */
export type Route = { readonly page: 'exams' } | { readonly page: 'record'; readonly session: string };

const RECORD = new RegExp(`^#?/?record/(${UUID})$`, 'i');

/** Pure: what is not understood is the list of exams. */
export function parseRoute(hash: string): Route {
  const session = RECORD.exec(hash)?.[1];
  return session ? { page: 'record', session } : { page: 'exams' };
}

export const hrefOf = (route: Route): string => (route.page === 'record' ? `#/record/${route.session}` : '#/');
