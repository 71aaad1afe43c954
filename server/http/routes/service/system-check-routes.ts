import { MAX_FRAME_BYTES } from '../../../../protocol/frame.ts';
import { SystemCheck, SystemCheckBody } from '../../../../protocol/http/system-check.ts';
import type { SystemChecks } from '../../../system-check/check.ts';
import { openRoute, type Route } from '../../pipeline/route.ts';

export interface SystemCheckRouteParts {
  readonly systemChecks: SystemChecks;
}

/** Public, and buffered before any check: one frame plus its multipart framing. */
const BODY_LIMIT = MAX_FRAME_BYTES + 16 * 1024;

export const systemCheckRoutes = ({ systemChecks }: SystemCheckRouteParts): Route[] => [
  openRoute({
    line: 'own',
    method: 'POST',
    path: '/api/system-check/frame',
    tag: 'Service',
    summary: 'Analyses a picture for the system check',
    description:
      'Reports what the models detect and what to fix before an exam. Nothing is stored. Frames of running exams have priority.',
    answer: SystemCheck,
    problems: ['rate_limited', 'frame_too_large', 'picture_too_large', 'invalid_image'],
    kind: 'multipart',
    bodyLimit: BODY_LIMIT,
    body: SystemCheckBody,
    admit: ({ address }) => systemChecks.admit(address),
    handle: ({ body, address }) => systemChecks.look(body.file, address),
  }),
];
