/**
 * Why there is no camera:
 * - `insecure` the page came over plain HTTP: browsers give such pages none
 * - `policy` the page that embeds this one does not allow it (`<iframe allow="camera">`, `Permissions-Policy`)
 * - `denied` the user, or a setting of the browser
 * - `system` the operating system keeps it from the browser
 * - `missing` there is none
 * - `in_use` another program has it
 * - `other` anything else
 */
export type CameraFault = 'insecure' | 'policy' | 'denied' | 'system' | 'missing' | 'in_use' | 'other';

interface PolicyDocument {
  readonly featurePolicy?: { allowsFeature(name: string): boolean };
}

/** What an error of `getUserMedia` means. */
export function cameraFault(error: unknown): CameraFault {
  if (!('mediaDevices' in navigator) || !navigator.mediaDevices) return 'insecure';
  const { name, message } = error instanceof Error || error instanceof DOMException ? error : { name: '', message: '' };
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      if ((document as PolicyDocument).featurePolicy?.allowsFeature('camera') === false) return 'policy';
      return /system/i.test(message) ? 'system' : 'denied';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'missing';
    case 'NotReadableError':
    case 'AbortError':
      return 'in_use';
    default:
      return 'other';
  }
}

/** Whether asking again by itself can help; otherwise somebody has to change something first. */
export function mayPass(fault: CameraFault): boolean {
  return fault === 'missing' || fault === 'in_use' || fault === 'other';
}
