import { createCanvas, type Canvas, ImageData } from '@napi-rs/canvas';

let canvas: Canvas | undefined;

/** Encodes RGBA pixels as a baseline JPEG. `quality`: 0..1, browsers' default for webcam frames is about 0.8. */
export function encodeJpeg(pixels: Uint8ClampedArray, width: number, height: number, quality: number): Buffer {
  if (canvas?.width !== width || canvas.height !== height) canvas = createCanvas(width, height);
  canvas.getContext('2d').putImageData(new ImageData(pixels, width, height), 0, 0);
  return canvas.encodeSync('jpeg', Math.round(quality * 100));
}
