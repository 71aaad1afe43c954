import { HEADER_BYTES, MAX_FRAME_BYTES } from '../../../protocol/frame.ts';
import { t } from '../messages.ts';
import { fitWithin } from './fit-within.ts';

/** Of the server, as of a frame. */
const MOST_BYTES = MAX_FRAME_BYTES - HEADER_BYTES;
/** JPEG qualities, best first: the first that is small enough is taken. */
const QUALITIES = [0.92, 0.85, 0.75, 0.6, 0.45] as const;
/** If even the lowest quality is too large, the picture is made smaller by this factor. */
const SHRINK = 0.75;
/** Of the server, pixels. */
const LEAST_SIDE = 64;

/** A picture that cannot be read, or is too small for anybody to see something. */
export class UnusablePicture extends Error {
  override readonly name = 'UnusablePicture';

  constructor(cause?: unknown) {
    super(t.checkIn.unusable, { cause });
  }
}

interface Source {
  readonly image: CanvasImageSource;
  readonly width: number;
  readonly height: number;
}

/** The present picture of a video. @param side maximum of both sides, pixels */
export const stillOfVideo = (video: HTMLVideoElement, side: number): Promise<Blob> =>
  encode({ image: video, width: video.videoWidth, height: video.videoHeight }, side);

/** A picture from a file, as the camera would give it: nothing of the file besides its pixels is sent. */
export async function stillOfFile(file: Blob, side: number): Promise<Blob> {
  const image = await createImageBitmap(file).catch((cause: unknown) => {
    throw new UnusablePicture(cause);
  });
  try {
    return await encode({ image, width: image.width, height: image.height }, side);
  } finally {
    image.close();
  }
}

/** The best JPEG that the server takes. */
async function encode(source: Source, side: number): Promise<Blob> {
  const size = fitWithin(source.width, source.height, side);
  if (Math.min(size.width, size.height) < LEAST_SIDE) throw new UnusablePicture();
  const canvas = Object.assign(document.createElement('canvas'), size);
  canvas.getContext('2d', { alpha: false })?.drawImage(source.image, 0, 0, size.width, size.height);
  for (const quality of QUALITIES) {
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality));
    if (!blob) break;
    if (blob.size <= MOST_BYTES) return blob;
  }
  return encode(source, Math.floor(Math.max(size.width, size.height) * SHRINK));
}
