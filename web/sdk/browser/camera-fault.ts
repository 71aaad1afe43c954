import type { CameraFault } from './camera-reason.ts';

interface PolicyDocument {
  readonly featurePolicy?: { allowsFeature(name: string): boolean };
}

/** Reason for an error of `getUserMedia`. */
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

/** True if an automatic retry can help; otherwise the user has to change something first. */
export function mayPass(fault: CameraFault): boolean {
  return fault === 'missing' || fault === 'in_use' || fault === 'other';
}
