import { useEffect, useState } from 'preact/hooks';
import { VideoPictures } from '../sdk/browser/video-pictures.ts';
import { useNow } from '../shared/use-now.ts';
import { checkImage } from './check-image.ts';
import { type Gate, gateOf, type LiveCheck, nextLookMs, noteLook, NOT_LOOKED_YET } from './live-check.ts';

const MAX_WIDTH = 640;
const QUALITY = 0.8;
/** A camera that was just opened delivers its first image soon, ms. */
const NOT_READY_MS = 200;

/** Sends camera images to the server for analysis, one at a time, while the page is visible. */
export function useLiveCheck(stream: MediaStream | undefined): { readonly check: LiveCheck; readonly gate: Gate } {
  const [check, setCheck] = useState(NOT_LOOKED_YET);
  useNow(1000);
  useEffect(() => {
    const track = stream?.getVideoTracks()[0];
    if (!track) return;
    const pictures = new VideoPictures(track);
    let timer: ReturnType<typeof setTimeout>;
    let stopped = false;
    const look = async () => {
      let next = NOT_READY_MS;
      const jpeg =
        document.visibilityState === 'visible' && pictures.fresh
          ? await pictures.encode(MAX_WIDTH, QUALITY)
          : undefined;
      if (jpeg?.byteLength) {
        const answer = await checkImage(jpeg);
        next = nextLookMs(answer);
        if (!stopped) setCheck((before) => noteLook(before, answer, performance.now()));
      }
      if (!stopped) timer = setTimeout(() => void look(), next);
    };
    void look();
    return () => {
      stopped = true;
      clearTimeout(timer);
      pictures.stop();
      setCheck(NOT_LOOKED_YET);
    };
  }, [stream]);
  return { check, gate: gateOf(check, performance.now()) };
}
