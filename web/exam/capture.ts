import { HEADER_BYTES, MAX_FRAME_BYTES } from '../../protocol/frame.ts';
import type { InvigilClient } from '../sdk/client.ts';

/** How often it is asked whether a frame is due, ms; the client keeps the server's rate. */
const LOOK_MS = 50;
const DEFAULT_WIDTH = 640;
const DEFAULT_QUALITY = 0.8;

/**
 * Sends the video's pictures as JPEG at the rate, size and quality that the server asks for.
 * @returns stops it
 */
export function captureFrames(video: HTMLVideoElement, client: InvigilClient): () => void {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { alpha: false });
  let busy = false;
  /** Lowered when a picture came out too large to be sent. */
  let share = 1;

  const look = async () => {
    if (busy || !context || !client.wantsFrame || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA || !live(video)) return;
    busy = true;
    const capturedAt = Date.now();
    const { maxWidth = DEFAULT_WIDTH, quality = DEFAULT_QUALITY } = client.throttle ?? {};
    const scale = Math.min(1, maxWidth / video.videoWidth);
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    const jpeg = await encode(canvas, quality * share);
    if (jpeg.byteLength + HEADER_BYTES > MAX_FRAME_BYTES) share *= 0.8;
    else client.sendFrame(jpeg, capturedAt);
    busy = false;
  };
  const timer = setInterval(() => void look(), LOOK_MS);
  return () => clearInterval(timer);
}

/** A dead track leaves its last picture standing in the element, which must not pass for a live one. */
function live(video: HTMLVideoElement): boolean {
  const track = (video.srcObject as MediaStream | null)?.getVideoTracks()[0];
  return track?.readyState === 'live' && !track.muted;
}

function encode(canvas: HTMLCanvasElement, quality: number): Promise<Uint8Array> {
  return new Promise((resolve) => {
    const done = async (blob: Blob | null) => resolve(blob ? new Uint8Array(await blob.arrayBuffer()) : new Uint8Array());
    canvas.toBlob((blob) => void done(blob), 'image/jpeg', quality);
  });
}
