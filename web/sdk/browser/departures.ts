import type { Report } from './report.ts';
import { type Departure, type Navigation, Navigations, onReturn } from './departure.ts';

export interface DepartureParts {
  /** URL of the server. */
  readonly server: string;
  /** URL that the addresses of the exam's pages begin with. */
  readonly pages: string;
  readonly session: () => string | undefined;
  readonly report: Report;
  /** Reports a signal from a page that goes away. */
  readonly reportLast: Report;
}

/** Reports that the page is left for another one, at once where the browser tells where to, else on return. */
export class Departures {
  readonly #parts: DepartureParts;
  readonly #navigations: Navigations;
  #looked = false;

  constructor(parts: DepartureParts) {
    this.#parts = parts;
    this.#navigations = new Navigations(parts.pages);
  }

  watch(signal: AbortSignal): void {
    const { navigation } = globalThis as { navigation?: EventTarget };
    navigation?.addEventListener(
      'navigate',
      (event) => this.#navigations.began(event as Event & Navigation, performance.now()),
      { signal },
    );
    for (const use of ['pointerdown', 'keydown'])
      addEventListener(use, () => this.#navigations.stays(), { signal, capture: true });
    addEventListener('pagehide', () => this.#leave(), { signal });
    addEventListener('pageshow', ({ persisted }) => persisted && this.#back(Date.now(), false), { signal });
  }

  /** The session is known. */
  begin(): void {
    if (this.#looked) return;
    this.#looked = true;
    const [entry] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
    // The page may have waited for the student to continue.
    this.#back(performance.timeOrigin, entry?.type === 'reload');
  }

  #leave(): void {
    const { reportLast } = this.#parts;
    const told = this.#navigations.isLeaving(performance.now());
    if (told) reportLast('PAGE_LEFT');
    this.#write({ at: Date.now(), told });
  }

  #back(now: number, reloaded: boolean): void {
    const left = this.#take();
    const returned = left && onReturn(left, now, reloaded);
    if (returned) this.#parts.report(returned.type, returned.data);
  }

  get #key(): string | undefined {
    const session = this.#parts.session();
    return session && `invigil-left ${this.#parts.server} ${session}`;
  }

  #write(left: Departure): void {
    try {
      if (this.#key) localStorage.setItem(this.#key, JSON.stringify(left));
    } catch {
      // Site data is blocked: the server's record of the gap remains.
    }
  }

  #take(): Departure | undefined {
    try {
      const text = this.#key && localStorage.getItem(this.#key);
      if (!text) return undefined;
      localStorage.removeItem(this.#key);
      const { at, told } = JSON.parse(text) as Partial<Departure>;
      return typeof at === 'number' ? { at, told: told === true } : undefined;
    } catch {
      return undefined;
    }
  }
}
