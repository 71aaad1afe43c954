import { z } from 'zod';
import { openRoute, type Route } from '../../pipeline/route.ts';

const Root = z.object({ status: z.literal('ok') });

/** ProctorBE's liveness check. Browsers, which accept HTML, get the home page instead. */
export const rootRoutes = (): Route[] => [
  openRoute({
    method: 'GET',
    path: '/',
    tag: 'ProctorBE compatibility',
    summary: 'Liveness',
    answer: Root,
    page: true,
    handle: () => Promise.resolve({ status: 'ok' as const }),
  }),
];
