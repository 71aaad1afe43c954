/** What is known of a camera that the browser did not give. */
export interface CameraEvidence {
  /** Of the error of `getUserMedia`. */
  readonly name: string;
  readonly message: string;
  /** Whether the page came by a way that browsers trust: HTTPS, or this very machine. */
  readonly secure: boolean;
  /** Whether the page has `getUserMedia` at all. */
  readonly offered: boolean;
  /** Of `navigator.permissions`; undefined where the browser does not tell. */
  readonly permission: PermissionState | undefined;
  /**
   * Whether the pages around this one, and its own server, let it use a camera; undefined where the browser does not
   * tell.
   */
  readonly policyAllows: boolean | undefined;
  /** How many cameras the browser lists; undefined where it does not tell. */
  readonly cameras: number | undefined;
}

/**
 * Why there is no camera, each with something else to do about it:
 * - `insecure` the page came over plain HTTP
 * - `unsupported` the browser has no cameras
 * - `policy` the page that embeds this one does not allow it
 * - `dismissed` the user was asked and said nothing, or no for this time: asking again asks again
 * - `blocked` the user, or whoever manages the browser, has said no for good
 * - `system` the operating system keeps it from the browser
 * - `missing` there is none
 * - `in_use` another program has it
 * - `failed` anything else
 */
export type CameraProblem =
  'insecure' | 'unsupported' | 'policy' | 'dismissed' | 'blocked' | 'system' | 'missing' | 'in_use' | 'failed';

/** Pure. Browsers have few error names and use them differently; what they tell besides decides. */
export function diagnose({
  name,
  message,
  secure,
  offered,
  permission,
  policyAllows,
  cameras,
}: CameraEvidence): CameraProblem {
  if (!offered) return secure ? 'unsupported' : 'insecure';
  // Whatever the error says: without this there is no camera.
  if (policyAllows === false) return 'policy';
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      // Chromium says so; others have the site's permission and refuse all the same.
      if (/system/i.test(message) || permission === 'granted') return 'system';
      return permission === 'prompt' || /dismissed/i.test(message) ? 'dismissed' : 'blocked';
    case 'NotFoundError':
    case 'OverconstrainedError':
      // Firefox under macOS: the camera is listed, and not found.
      return name === 'NotFoundError' && (cameras ?? 0) > 0 ? 'system' : 'missing';
    case 'NotReadableError':
    case 'AbortError':
      return cameras === 0 ? 'missing' : 'in_use';
    default:
      return 'failed';
  }
}
