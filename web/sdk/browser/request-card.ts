import type { Direction, RequestEnd } from '../../../protocol/request-kinds.ts';
import type { InvigilClient } from '../client.ts';
import { studentTexts } from './student-texts.ts';

/** Styles are set by the CSSOM, which content security policies allow, unlike a style element. */
const CARD =
  'position:fixed;inset:12px 0 auto;z-index:2147483647;box-sizing:border-box;margin:0 auto;width:min(460px,calc(100vw - 24px));max-height:80vh;overflow:auto;' +
  'padding:14px 18px;border-radius:12px;font:16px/1.45 system-ui,sans-serif;box-shadow:0 6px 28px rgb(0 0 0 / .35);';
/** Follows the colour scheme of the browser; browsers without `light-dark` keep the light one. */
const COLOURS =
  'color-scheme:light dark;color:#14213d;background:#eef4ff;border:2px solid #2b5bb8;' +
  'color:light-dark(#14213d,#eaf1ff);background:light-dark(#eef4ff,#16233f);border-color:light-dark(#2b5bb8,#8db4ff)';
const BUTTON =
  'font:inherit;font-weight:600;padding:6px 14px;margin:8px 10px 0 0;border:2px solid currentColor;border-radius:8px;background:transparent;color:inherit;cursor:pointer';
const INPUT = 'font:inherit;display:block;box-sizing:border-box;width:100%;margin-top:4px;padding:6px 8px';

const ARROWS: Readonly<Record<Direction, string>> = { left: '←', right: '→', up: '↑' };
/** Thanks are shown for this long, ms. */
const THANKS_MS = 5000;
const TICK_MS = 500;
const MAX_REASON = 160;

type Request =
  | { readonly kind: 'challenge'; readonly id: string; readonly direction: Direction; readonly seconds: number }
  | { readonly kind: 'room_look'; readonly id: string; readonly seconds: number };

/**
 * Requests to the student, in a card at the top of the page: in words and with an arrow, announced to screen readers,
 * and without taking the keyboard from whatever the student is writing.
 */
export class RequestCard {
  readonly #client: InvigilClient;
  readonly #visibility = () => this.#seen();
  #request: Request | undefined;
  #shown = false;
  #days: number | null = null;
  #host: HTMLElement | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(client: InvigilClient) {
    this.#client = client;
    client.on('welcome', ({ policy }) => (this.#days = policy.evidenceDays));
    client.on('challenge', ({ id, direction, seconds }) => this.#ask({ kind: 'challenge', id, direction, seconds }));
    client.on('roomLook', ({ id, seconds }) => this.#ask({ kind: 'room_look', id, seconds }));
    client.on('requestOver', ({ id, result }) => this.#over(id, result));
    client.on('paused', () => this.remove());
    client.on('state', ({ state }) => state !== 'live' && this.remove());
  }

  remove(): void {
    document.removeEventListener('visibilitychange', this.#visibility);
    clearInterval(this.#timer);
    this.#request = undefined;
    this.#shown = false;
    this.#host?.remove();
    this.#host = undefined;
  }

  #ask(request: Request): void {
    this.remove();
    this.#request = request;
    document.addEventListener('visibilitychange', this.#visibility);
    this.#seen();
  }

  /** The time of a head turn begins when the student can see the card; a page that is hidden shows it later. */
  #seen(): void {
    const request = this.#request;
    if (!request) return;
    if (document.visibilityState === 'visible') {
      if (this.#shown) return;
      this.#shown = true;
      if (request.kind === 'room_look') return this.#offer(request);
      this.#show([
        ...heading(studentTexts.turn[request.direction], ARROWS[request.direction]),
        paragraph(studentTexts.turnHow),
        this.#clock(request.seconds),
      ]);
      this.#client.answer(request.id, 'shown');
    } else if (this.#shown && request.kind === 'challenge') {
      // The server asks anew.
      this.remove();
      this.#client.answer(request.id, 'hidden');
    }
  }

  #offer(request: Request): void {
    this.#show([
      ...heading(studentTexts.room),
      paragraph(studentTexts.roomHow(request.seconds, this.#days)),
      button(studentTexts.begin, () => {
        this.#client.answer(request.id, 'begin');
        this.#show([...heading(studentTexts.roomNow), this.#clock(request.seconds)]);
      }),
      button(studentTexts.decline, () => this.#askReason(request)),
    ]);
  }

  #askReason(request: Request): void {
    const label = document.createElement('label');
    const input = document.createElement('input');
    input.maxLength = MAX_REASON;
    input.style.cssText = INPUT;
    label.append(studentTexts.declineWhy, input);
    this.#show([
      label,
      button(studentTexts.send, () => {
        this.#client.answer(request.id, 'decline', input.value);
        this.#thank('over');
      }),
      button(studentTexts.back, () => this.#offer(request)),
    ]);
    input.focus();
  }

  #over(id: string, result: RequestEnd): void {
    if (this.#request?.id !== id) return;
    if (result === 'interrupted' || !this.#shown) return this.remove();
    this.#thank(result);
  }

  #thank(result: Exclude<RequestEnd, 'interrupted'>): void {
    this.#request = undefined;
    this.#show(heading(studentTexts.thanks[result]));
    this.#timer = setInterval(() => this.remove(), THANKS_MS);
  }

  /** Time left, for eyes only: read aloud it would drown the request. */
  #clock(seconds: number): HTMLElement {
    const bar = document.createElement('progress');
    bar.max = seconds;
    bar.value = seconds;
    bar.style.cssText = 'display:block;width:100%;margin-top:10px';
    bar.setAttribute('aria-hidden', 'true');
    const ends = performance.now() + seconds * 1000;
    queueMicrotask(() => {
      this.#timer = setInterval(() => (bar.value = Math.max(0, ends - performance.now()) / 1000), TICK_MS);
    });
    return bar;
  }

  #show(content: readonly HTMLElement[]): void {
    clearInterval(this.#timer);
    const host = (this.#host ??= this.#make());
    host.shadowRoot!.firstElementChild!.replaceChildren(...content);
  }

  /** In a shadow tree: styles of the page do not reach it. As a popover it lies above elements in full screen. */
  #make(): HTMLElement {
    const host = document.createElement('div');
    host.id = 'invigil-request';
    host.style.cssText = CARD + COLOURS;
    const box = document.createElement('div');
    box.setAttribute('role', 'alert');
    host.attachShadow({ mode: 'open' }).append(box);
    document.body.prepend(host);
    try {
      host.popover = 'manual';
      host.showPopover();
    } catch {
      // An older browser: it lies above the page.
    }
    return host;
  }
}

function heading(text: string, arrow?: string): HTMLElement[] {
  const line = document.createElement('div');
  line.style.cssText = 'font-size:20px;font-weight:700;display:flex;gap:14px;align-items:center';
  if (arrow) {
    const sign = document.createElement('span');
    sign.textContent = arrow;
    sign.style.cssText = 'font-size:52px;line-height:1';
    sign.setAttribute('aria-hidden', 'true');
    line.append(sign);
  }
  line.append(text);
  return [line];
}

function paragraph(text: string): HTMLElement {
  const one = document.createElement('p');
  one.textContent = text;
  one.style.cssText = 'margin:8px 0 0';
  return one;
}

function button(label: string, act: () => void): HTMLElement {
  const one = document.createElement('button');
  one.type = 'button';
  one.textContent = label;
  one.style.cssText = BUTTON;
  one.onclick = act;
  return one;
}
