import type { RawSocket } from './raw-socket.ts';

/**
 * Calls `send` at a rate, or at the lower one requested by a busy server: a client that ignores it is closed (F7).
 * @returns a function that stops it
 */
export function streamFrames(socket: RawSocket, fps: number, send: () => void): () => void {
  let timer: NodeJS.Timeout;
  const next = (): void => {
    if (socket.isOpen) send();
    const asked = Number(socket.of('throttle').at(-1)?.['fps'] ?? fps);
    timer = setTimeout(next, 1000 / Math.min(fps, asked));
  };
  next();
  return () => clearTimeout(timer);
}
