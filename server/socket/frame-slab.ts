import { MAX_FRAME_BYTES } from '../../protocol/frame.ts';

/**
 * Two dozen frames of usual size: measured with 45 KB each, a buffer a frame costs the main process several times what
 * copying does, most of it in the garbage collector, which counts and frees each buffer. Far above the largest frame.
 */
const SLAB_BYTES = 1024 * 1024;

/**
 * Copies messages, which uWebSockets.js takes back, one behind the other into large buffers. A slab is never reused, so
 * that no frame can be overwritten; it is freed with its last frame. Code that keeps a frame beyond its analysis copies
 * it, so that the slab can go.
 */
export class FrameSlab {
  #slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
  #used = 0;

  copy(bytes: ArrayBuffer): Uint8Array {
    const { byteLength } = bytes;
    // Refused by the caller.
    if (byteLength > MAX_FRAME_BYTES) return new Uint8Array(bytes.slice(0));
    if (this.#used + byteLength > SLAB_BYTES) {
      this.#slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
      this.#used = 0;
    }
    const copy = new Uint8Array(this.#slab.buffer, this.#used, byteLength);
    copy.set(new Uint8Array(bytes));
    this.#used += byteLength;
    return copy;
  }
}
