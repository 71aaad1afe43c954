import { System } from '../../../../protocol/http/system.ts';
import type { SystemState } from '../../../system/system.ts';
import { adminRoute, type Route } from '../../pipeline/route.ts';

export interface SystemRouteParts {
  readonly system: Pick<SystemState, 'read'>;
}

export const systemRoutes = ({ system }: SystemRouteParts): Route[] => [
  adminRoute({
    line: 'own',
    method: 'GET',
    path: '/api/system',
    tag: 'Service',
    summary: 'Returns the state of the installation',
    description:
      'Health of each part, inference, storage and its growth, expected sessions and measured capacity, settings in force. Secrets are named, not shown. Cheap enough to be polled every few seconds.',
    answer: System,
    handle: () => system.read(),
  }),
];
