import { followSelect, rememberedCamera } from './camera-select.ts';
import { Invigil, type InvigilEvents } from './invigil.ts';

/** Each is also a DOM event `invigil:NAME`, dispatched at the script element; it bubbles. */
const EVENTS = {
  state: 1,
  welcome: 1,
  ack: 1,
  hold: 1,
  go: 1,
  event: 1,
  risk: 1,
  analysis: 1,
  throttle: 1,
  uplink: 1,
  notice: 1,
  messageRefused: 1,
  hand: 1,
  watched: 1,
  challenge: 1,
  roomLook: 1,
  requestOver: 1,
  paused: 1,
  resumed: 1,
  extended: 1,
  ended: 1,
  error: 1,
  camera: 1,
  capture: 1,
  signal: 1,
  ticketNeeded: 1,
} satisfies Record<keyof InvigilEvents, 1>;

/**
 * `<script src=".../sdk/invigil.iife.js" data-server="..." data-ticket="...">`: starts a session from the attributes of
 * the element. Without `data-server` the script only defines `Invigil`.
 */
export function startFromTag(script: HTMLScriptElement): void {
  const {
    server,
    ticket,
    ticketUrl,
    session,
    video,
    camera,
    cameraChoice,
    signals,
    worker,
    start,
    banner,
    requests,
    frames,
    pages,
  } = script.dataset;
  if (server === undefined) return;
  const begin = () => {
    const choice = cameraChoice === undefined ? null : document.querySelector<HTMLSelectElement>(cameraChoice);
    const deviceId = choice ? rememberedCamera() : undefined;
    const invigil = new Invigil({
      server,
      ticket,
      ticketUrl,
      session,
      workerUrl: worker ?? (script.src ? new URL('capture-worker.js', script.src).href : undefined),
      camera: camera === 'off' ? false : deviceId === undefined ? undefined : { deviceId },
      signals: signals !== 'off',
      banner: banner !== 'off',
      requests: requests === 'off' ? false : requests === 'page' ? 'page' : 'card',
      frames: frames?.split(/\s+/).filter(Boolean),
      pages,
      video: video === undefined ? undefined : (document.querySelector<HTMLVideoElement>(video) ?? undefined),
    });
    Invigil.current = invigil;
    if (choice) followSelect(choice, invigil);
    for (const name of Object.keys(EVENTS) as (keyof InvigilEvents)[]) {
      invigil.on(name, (detail) => script.dispatchEvent(new CustomEvent(`invigil:${name}`, { detail, bubbles: true })));
    }
    // The event `state` reports a failure.
    if (start !== 'manual') invigil.connect().catch(() => {});
  };
  // The element of `data-video` and scripts with listeners can come later in the page.
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', begin, { once: true });
  else begin();
}
