import { createCanvas, loadImage } from '@napi-rs/canvas';

/** The picture after a change of its RGBA pixels. */
async function alter(jpeg: Uint8Array, change: (pixels: Uint8ClampedArray) => void): Promise<Buffer> {
  const image = await loadImage(Buffer.from(jpeg));
  const canvas = createCanvas(image.width, image.height);
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const data = context.getImageData(0, 0, image.width, image.height);
  change(data.data);
  context.putImageData(data, 0, 0);
  return canvas.encodeSync('jpeg', 80);
}

/** The picture in this share of its light, with the noise of a sensor (3 levels each way), equal for equal input. */
export function darken(jpeg: Uint8Array, share: number): Promise<Buffer> {
  let state = 1;
  const noise = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return (state / 0x7fff_ffff - 0.5) * 6;
  };
  return alter(jpeg, (pixels) => {
    for (let i = 0; i < pixels.length; i++) if (i % 4 !== 3) pixels[i] = pixels[i]! * share + noise();
  });
}

/** The picture with a part of another one in it; rectangles are left, top, width, height. */
export async function paste(
  jpeg: Uint8Array,
  other: Uint8Array,
  from: readonly [number, number, number, number],
  to: readonly [number, number, number, number],
): Promise<Buffer> {
  const [image, part] = await Promise.all([loadImage(Buffer.from(jpeg)), loadImage(Buffer.from(other))]);
  const canvas = createCanvas(image.width, image.height);
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  context.drawImage(part, ...from, ...to);
  return canvas.encodeSync('jpeg', 80);
}
