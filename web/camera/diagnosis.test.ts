import { expect, test } from 'vitest';
import { type CameraEvidence, type CameraProblem, diagnose } from './diagnosis.ts';

const ASKED: CameraEvidence = {
  name: 'NotAllowedError',
  message: 'Permission denied',
  secure: true,
  offered: true,
  permission: 'denied',
  policyAllows: true,
  cameras: 1,
};
const READS: Partial<CameraEvidence> = {
  name: 'NotReadableError',
  message: 'Could not start video source',
  permission: 'granted',
};
const FINDS: Partial<CameraEvidence> = {
  name: 'NotFoundError',
  message: 'Requested device not found',
  permission: 'prompt',
};

test.each<[string, CameraProblem, Partial<CameraEvidence>]>([
  [
    'plain HTTP: there is nothing to ask',
    'insecure',
    { name: 'TypeError', secure: false, offered: false, permission: undefined },
  ],
  ['a browser without cameras', 'unsupported', { name: 'TypeError', offered: false, permission: undefined }],
  ['an iframe without allow="camera" (Chromium)', 'policy', { policyAllows: false }],
  [
    "the same, though the user had allowed the site's camera before",
    'policy',
    { policyAllows: false, permission: 'granted' },
  ],
  ['the same on a machine that has no camera either', 'policy', { ...FINDS, policyAllows: false, cameras: 0 }],
  [
    'switched off for the whole browser',
    'blocked',
    { name: 'SecurityError', policyAllows: undefined, permission: undefined },
  ],
  ['"Block" was pressed', 'blocked', {}],
  [
    '"Block" was pressed, in a browser that tells nothing else',
    'blocked',
    { policyAllows: undefined, permission: undefined, cameras: undefined },
  ],
  ['the question was closed (Chromium)', 'dismissed', { message: 'Permission dismissed', permission: 'prompt' }],
  [
    'no for this time (Firefox, Safari): it would ask again',
    'dismissed',
    {
      message: 'The request is not allowed by the user agent or the platform in the current context.',
      permission: 'prompt',
      policyAllows: undefined,
    },
  ],
  ['the system says no (Chromium)', 'system', { message: 'Permission denied by system', permission: 'prompt' }],
  ['the site may and the camera is refused: the system', 'system', { permission: 'granted' }],
  ['listed and not found: the system (Firefox on macOS)', 'system', { ...FINDS, cameras: 1 }],
  ['no camera', 'missing', { ...FINDS, cameras: 0 }],
  ['no camera, and no list', 'missing', { ...FINDS, cameras: undefined }],
  ['no camera that fits', 'missing', { ...FINDS, name: 'OverconstrainedError' }],
  ['in use (Windows)', 'in_use', READS],
  ['in use (Firefox)', 'in_use', { ...READS, message: 'Failed to allocate videosource' }],
  ['takes too long to start', 'in_use', { ...READS, name: 'AbortError', message: 'Timeout starting video source' }],
  ['pulled out while it was being opened', 'missing', { ...READS, cameras: 0 }],
  ['something new', 'failed', { name: 'InvalidStateError' }],
])('%s: %s', (_what, problem, evidence) => {
  expect(diagnose({ ...ASKED, ...evidence })).toBe(problem);
});
