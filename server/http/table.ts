import { authRoutes, type AuthRouteParts } from './auth-routes.ts';
import { examRoutes, type ExamRouteParts } from './exam-routes.ts';
import { firstSystemAuthRoutes, type FirstSystemAuthRouteParts } from './first-system/auth-routes.ts';
import { rootRoutes } from './first-system/root-routes.ts';
import type { Route } from './route.ts';
import { sessionRoutes, type SessionRouteParts } from './session-routes.ts';
import { userRoutes, type UserRouteParts } from './user-routes.ts';

export type TableParts = AuthRouteParts & UserRouteParts & ExamRouteParts & SessionRouteParts & FirstSystemAuthRouteParts;

/** Every route that needs the database: a request for one is answered only once that is open. */
export const routeTable = (parts: TableParts): Route[] => [
  ...authRoutes(parts),
  ...userRoutes(parts),
  ...examRoutes(parts),
  ...sessionRoutes(parts),
  ...rootRoutes(),
  ...firstSystemAuthRoutes(parts),
];
