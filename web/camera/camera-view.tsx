import type { Ref } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { t } from './messages.ts';

interface CameraViewProps {
  readonly stream: MediaStream | undefined;
  readonly video?: Ref<HTMLVideoElement>;
}

/** The user's own video, mirrored as people expect to see themselves. */
export function CameraView({ stream, video }: CameraViewProps) {
  const own = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const element = own.current;
    if (!element) return;
    element.srcObject = stream ?? null;
    // Rejects only if the element left the page before playback began.
    if (stream) void element.play().catch(() => {});
  }, [stream]);
  const take = (element: HTMLVideoElement | null) => {
    own.current = element;
    if (typeof video === 'function') video(element);
    else if (video) video.current = element;
  };
  return <video class="camera" ref={take} muted playsInline aria-label={t.title} />;
}
