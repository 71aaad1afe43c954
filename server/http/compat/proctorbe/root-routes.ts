import { z } from 'zod';
import { openRoute, type Route } from '../../pipeline/route.ts';

const Root = z.object({ status: z.literal('ok') });

/** Programs get the first system's sign of life; browsers, which ask for HTML, get the home page. */
export const rootRoutes = (): Route[] => [
  openRoute({
    method: 'GET',
    path: '/',
    tag: 'ProctorBE compatibility',
    summary: 'That the server answers',
    answer: Root,
    page: true,
    handle: () => Promise.resolve({ status: 'ok' as const }),
  }),
];
