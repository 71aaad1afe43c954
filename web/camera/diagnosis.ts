/** Facts about a camera that the browser did not provide. */
export interface CameraEvidence {
  /** Name and message of the error of `getUserMedia`. */
  readonly name: string;
  readonly message: string;
  /** Whether the page is a secure context: HTTPS or localhost. */
  readonly secure: boolean;
  /** Whether the page has `getUserMedia` at all. */
  readonly offered: boolean;
  /** From `navigator.permissions`; undefined where the browser does not support it. */
  readonly permission: PermissionState | undefined;
  /** Whether the permissions policy of the embedding pages and of the server allows a camera; undefined if unknown. */
  readonly policyAllows: boolean | undefined;
  /** Number of cameras that the browser lists; undefined if unknown. */
  readonly cameras: number | undefined;
}

/**
 * Reason for a missing camera; each needs different help:
 * - `insecure` the page was loaded over plain HTTP
 * - `unsupported` the browser has no camera API
 * - `policy` the embedding page does not allow it
 * - `dismissed` the user closed the prompt or refused once: a new request prompts again
 * - `blocked` the user or the browser's administrator has blocked it permanently
 * - `system` the operating system blocks it
 * - `missing` no camera is connected
 * - `in_use` another application is using it
 * - `failed` anything else
 */
export type CameraProblem =
  'insecure' | 'unsupported' | 'policy' | 'dismissed' | 'blocked' | 'system' | 'missing' | 'in_use' | 'failed';

/** Pure. Browsers use few error names, and differently; the other facts decide. */
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
  // Decides alone: without the policy's permission no request can succeed.
  if (policyAllows === false) return 'policy';
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      // Chromium names the system in its message; other browsers refuse although the site has the permission.
      if (/system/i.test(message) || permission === 'granted') return 'system';
      return permission === 'prompt' || /dismissed/i.test(message) ? 'dismissed' : 'blocked';
    case 'NotFoundError':
    case 'OverconstrainedError':
      // Firefox on macOS lists the camera and reports it as not found.
      return name === 'NotFoundError' && (cameras ?? 0) > 0 ? 'system' : 'missing';
    case 'NotReadableError':
    case 'AbortError':
      return cameras === 0 ? 'missing' : 'in_use';
    default:
      return 'failed';
  }
}
