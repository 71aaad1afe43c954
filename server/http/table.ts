import { authRoutes, type AuthRouteParts } from './auth-routes.ts';
import { examRoutes, type ExamRouteParts } from './exam-routes.ts';
import { rootRoutes } from './first-system/root-routes.ts';
import type { Route } from './route.ts';
import { sessionRoutes, type SessionRouteParts } from './session-routes.ts';

export type TableParts = AuthRouteParts & ExamRouteParts & SessionRouteParts;

/** Every route that needs the database: a request for one is answered only once that is open. */
export const routeTable = (parts: TableParts): Route[] => [...authRoutes(parts), ...examRoutes(parts), ...sessionRoutes(parts), ...rootRoutes()];
