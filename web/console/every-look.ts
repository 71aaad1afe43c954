import { CHECK_IN_POLL_SECONDS } from '../../protocol/check-in-bounds.ts';

/** Calls `look` again and again while the page is in front, and when it comes to the front. @returns stops it */
export function everyLook(look: () => void, everyMs = CHECK_IN_POLL_SECONDS * 1000): () => void {
  const seen = () => document.visibilityState === 'visible' && look();
  const timer = setInterval(seen, everyMs);
  document.addEventListener('visibilitychange', seen);
  return () => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', seen);
  };
}
