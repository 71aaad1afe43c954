import { createCanvas } from '@napi-rs/canvas';

/** JPEG with some content but no face: `seed` shifts the stripes, so that pictures differ. */
export function jpeg(seed = 0, width = 320, height = 240): Uint8Array {
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  for (let x = 0; x < width; x += 8) {
    context.fillStyle = `hsl(${(x * 3 + seed * 37) % 360} 60% ${30 + ((x + seed * 11) % 40)}%)`;
    context.fillRect(x, 0, 8, height);
  }
  return new Uint8Array(canvas.toBuffer('image/jpeg', 80));
}

export function png(): Uint8Array {
  return new Uint8Array(createCanvas(320, 240).toBuffer('image/png'));
}

/** A real file whose frame header states another size. */
export function claimsSize(width: number, height: number): Uint8Array {
  const bytes = jpeg();
  for (let p = 2; p < bytes.length;) {
    const marker = bytes[p + 1]!;
    if (marker === 0xc0 || marker === 0xc2) {
      bytes.set([height >> 8, height & 255, width >> 8, width & 255], p + 5);
      return bytes;
    }
    p += 2 + ((bytes[p + 2]! << 8) | bytes[p + 3]!);
  }
  throw new Error('no frame header');
}

/** Pure noise, which no codec compresses well: some 200 KB at 640x480. */
export function noise(width = 640, height = 480): Uint8Array {
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  const image = context.createImageData(width, height);
  for (let i = 0; i < image.data.length; i++) image.data[i] = i % 4 === 3 ? 255 : Math.random() * 256;
  context.putImageData(image, 0, 0);
  return new Uint8Array(canvas.toBuffer('image/jpeg', 78));
}
