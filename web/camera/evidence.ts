import { type CameraEvidence, type CameraProblem, diagnose } from './diagnosis.ts';

interface PolicyDocument {
  readonly permissionsPolicy?: { allowsFeature(name: string): boolean };
  readonly featurePolicy?: { allowsFeature(name: string): boolean };
}

/** Facts about a camera that the browser did not provide. Never rejects. @param fault error of `getUserMedia` */
async function gatherEvidence(fault: { readonly name: string; readonly message: string }): Promise<CameraEvidence> {
  const { permissionsPolicy, featurePolicy } = document as PolicyDocument;
  const [permission, cameras] = await Promise.all([readPermission(), countCameras()]);
  return {
    name: fault.name,
    message: fault.message,
    secure: isSecureContext,
    offered: typeof navigator.mediaDevices?.getUserMedia === 'function',
    permission,
    policyAllows: (permissionsPolicy ?? featurePolicy)?.allowsFeature('camera'),
    cameras,
  };
}

/** Diagnoses a failed camera request. @param error thrown by `getUserMedia` */
export async function findProblem(error: unknown): Promise<CameraProblem> {
  return diagnose(
    await gatherEvidence(
      error instanceof Error || error instanceof DOMException ? error : { name: '', message: String(error) },
    ),
  );
}

async function readPermission(): Promise<PermissionState | undefined> {
  try {
    return (await navigator.permissions.query({ name: 'camera' })).state;
  } catch {
    return undefined;
  }
}

async function countCameras(): Promise<number | undefined> {
  try {
    return (await navigator.mediaDevices.enumerateDevices()).filter(({ kind }) => kind === 'videoinput').length;
  } catch {
    return undefined;
  }
}
