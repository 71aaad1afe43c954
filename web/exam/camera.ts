/** Asks for the user's camera. @throws Error with a sentence for the user */
export async function openCamera(): Promise<MediaStream> {
  // Absent on a page that came over plain HTTP from another machine.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices) throw new Error('The browser gives this page no camera: it must be opened over https, or on this very machine.');
  try {
    return await devices.getUserMedia({ video: { width: { ideal: 640 }, height: { ideal: 480 }, facingMode: 'user' }, audio: false });
  } catch (cause) {
    throw new Error(reason(cause), { cause });
  }
}

export function stopCamera(stream: MediaStream | undefined): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

function reason(cause: unknown): string {
  switch (cause instanceof DOMException ? cause.name : '') {
    case 'NotAllowedError':
      return 'The browser was not allowed to use the camera. Allow it in the address bar and try again.';
    case 'NotFoundError':
      return 'No camera was found.';
    case 'NotReadableError':
      return 'The camera is in use by another program.';
    default:
      return `The camera cannot be used: ${cause instanceof Error ? cause.message : String(cause)}`;
  }
}
