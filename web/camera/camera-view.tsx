import type { Ref } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

interface CameraViewProps {
  readonly stream: MediaStream | undefined;
  readonly video?: Ref<HTMLVideoElement>;
}

/** The user's own picture, mirrored as people expect it of themselves. */
export function CameraView({ stream, video }: CameraViewProps) {
  const own = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const element = own.current;
    if (!element) return;
    element.srcObject = stream ?? null;
    // A rejection only means that the element left the page before it began.
    if (stream) void element.play().catch(() => {});
  }, [stream]);
  const take = (element: HTMLVideoElement | null) => {
    own.current = element;
    if (typeof video === 'function') video(element);
    else if (video) video.current = element;
  };
  return <video class="camera" ref={take} muted playsInline aria-label="Your camera" />;
}
