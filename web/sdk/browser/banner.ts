import type { StateChange } from '../link-state.ts';
import { bannerText } from './banner-text.ts';
import type { CameraChange } from './camera.ts';

/** A connection lost for this long is reported, ms: most interruptions are shorter. */
const LATE_MS = 4000;
/** Clicks pass through it to the page. Set by the CSSOM, which content security policies allow, unlike a style element. */
const BAR =
  'position:fixed;inset:0 0 auto 0;z-index:2147483647;display:flex;gap:12px;align-items:center;justify-content:center;' +
  'padding:10px 16px;pointer-events:none;font:15px/1.4 system-ui,sans-serif;color:#3d2b00;background:#ffe9b8;border-bottom:2px solid #8a5a00';
const BUTTON =
  'font:inherit;font-weight:600;padding:4px 12px;border:1px solid currentColor;border-radius:6px;background:transparent;color:inherit;cursor:pointer;pointer-events:auto';

/** A bar at the top of the page that tells the student why the SDK is waiting; hidden otherwise. */
export class Banner {
  readonly #again: () => void;
  #host: HTMLElement | undefined;
  #line: HTMLElement | undefined;
  #link: StateChange = { state: 'idle' };
  #camera: CameraChange | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #late = false;

  /** @param again called when the student asks for a retry */
  constructor(again: () => void) {
    this.#again = again;
  }

  linkChanged(link: StateChange): void {
    this.#link = link;
    const away = link.state !== 'live' && link.state !== 'idle' && link.state !== 'ended';
    if (!away) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#late = false;
    } else
      this.#timer ??= setTimeout(() => {
        this.#late = true;
        this.#show();
      }, LATE_MS);
    this.#show();
  }

  cameraChanged(camera: CameraChange): void {
    this.#camera = camera;
    this.#show();
  }

  remove(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#host?.remove();
    this.#host = undefined;
  }

  #show(): void {
    const shown = bannerText(this.#link, this.#camera, this.#late);
    if (!shown) {
      if (this.#host) this.#host.hidden = true;
      return;
    }
    const host = (this.#host ??= this.#make());
    host.hidden = false;
    if (this.#line!.dataset['text'] === shown.text) return;
    this.#line!.dataset['text'] = shown.text;
    this.#line!.replaceChildren(shown.text, ...(shown.action ? [this.#button(shown.action)] : []));
  }

  /** In a shadow tree: styles of the page do not reach it. */
  #make(): HTMLElement {
    const host = document.createElement('div');
    host.id = 'invigil-banner';
    this.#line = document.createElement('div');
    this.#line.setAttribute('role', 'alert');
    this.#line.style.cssText = BAR;
    host.attachShadow({ mode: 'open' }).append(this.#line);
    document.body.append(host);
    return host;
  }

  #button(label: string): HTMLButtonElement {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = label;
    button.style.cssText = BUTTON;
    button.onclick = this.#again;
    return button;
  }
}
