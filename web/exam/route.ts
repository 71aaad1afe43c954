import { UUID } from '../../protocol/uuid.ts';

/**
 * Pages with a URL of their own, after `#`. Of the steps into an exam only the running one has one, for a reload: the
 * page continues it if the server says that it is running, so that no step can be skipped.
 */
export type Route =
  | { readonly page: 'exams' }
  | { readonly page: 'exam'; readonly exam: string }
  | { readonly page: 'record'; readonly session: string };

const RECORD = new RegExp(`^#?/?record/(${UUID})$`, 'i');
const EXAM = new RegExp(`^#?/?exam/(${UUID})$`, 'i');

/** Pure: an unknown hash is the exam list. */
export function parseRoute(hash: string): Route {
  const session = RECORD.exec(hash)?.[1];
  if (session) return { page: 'record', session };
  const exam = EXAM.exec(hash)?.[1];
  return exam ? { page: 'exam', exam } : { page: 'exams' };
}

export function hrefOf(route: Route): string {
  switch (route.page) {
    case 'record':
      return `#/record/${route.session}`;
    case 'exam':
      return `#/exam/${route.exam}`;
    case 'exams':
      return '#/';
  }
}
