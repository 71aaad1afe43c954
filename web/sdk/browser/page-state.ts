import type { PageState } from '../state-reports.ts';
import type { BrowserWatch } from './browser-signals.ts';
import { screensNow } from './screens.ts';

/** @param watch undefined: the page reports signals itself, and its focus is not watched */
export function pageState(watch: BrowserWatch | undefined, stream: MediaStream | undefined): PageState {
  return {
    ...(watch?.state() ?? { visible: null, focused: null }),
    // Also by the browser's own key or menu.
    fullscreen: document.fullscreenElement !== null || matchMedia('(display-mode: fullscreen)').matches,
    screens: screensNow(),
    camera: cameraState(stream?.getVideoTracks()[0]),
  };
}

/** Bounds of the message: one that breaks them would cost the connection. */
const LABEL_LENGTH = 128;
const MAX_PIXELS = 16_384;
const MAX_FPS = 1000;

const within = (value: number | undefined, most: number) =>
  value !== undefined && value >= 0 && value <= most ? Math.round(value * 10) / 10 : null;

function cameraState(track: MediaStreamTrack | undefined): PageState['camera'] {
  if (!track || track.readyState === 'ended') return null;
  const { width, height, frameRate } = track.getSettings();
  const label = [...track.label.replace(/[\0\p{Surrogate}]/gu, '')].slice(0, LABEL_LENGTH).join('');
  return {
    label: label === '' ? null : label,
    width: within(width, MAX_PIXELS),
    height: within(height, MAX_PIXELS),
    fps: within(frameRate, MAX_FPS),
  };
}
