import { clips } from '../../simulator/draw/clips.ts';
import { createScene } from '../../simulator/draw/scene.ts';
import type { RawSocket } from './raw-socket.ts';

/** Attentive people of drawn scenes, one after another, in front of the cameras of these sockets. @returns ends it */
export function sendPictures(sockets: readonly RawSocket[], scenes: readonly number[], everyMs: number): () => void {
  const pictures = scenes.map((seed) => clips(createScene(seed)).attentive);
  let seq = 0;
  const timer = setInterval(() => {
    seq += 1;
    for (const [n, socket] of sockets.entries()) {
      const clip = pictures[n % pictures.length]!;
      if (socket.isOpen) socket.sendFrame(seq, clip[seq % clip.length]!);
    }
  }, everyMs);
  return () => clearInterval(timer);
}
