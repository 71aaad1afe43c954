import { cpuEach, type CpuSplit } from '../cpu-meter.ts';
import { pause, period } from '../lean/stretch.ts';
import { watchOwnDelay } from '../own-delay.ts';
import { spread } from '../../simulator/report/percentile.ts';
import type { SeededServer } from '../seeded/server.ts';
import { Consoles, type ConsolesPlan } from './consoles.ts';
import { Delivery } from './delivery.ts';
import { type Loop, Senders } from './senders.ts';

/** Warm-up of the loops, ms. */
const WARM_UP_MS = 1000;
/** Maximum wait for signals in flight when students stop; later ones are lost, ms. */
const DRAIN_MS = 15_000;
const LOOK_MS = 20;
/** Arriving students and confirmed tickets also cause events and commits: wait for these, ms. */
const SETTLE_MS = 500;
/** Minimum share of the open loop's planned events that were sent: below it the load generator was too slow. */
const MADE = 0.98;

export interface FanOut {
  /** Signals sent per second, and events received by all consoles together. */
  readonly events: number;
  readonly deliveries: number;
  /** Other messages received by consoles: risk and session state. */
  readonly others: number;
  /** From a student's send to a console's receipt, ms. */
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  /** CPU time per delivery, ms. */
  readonly cpu: CpuSplit;
  /** CPU time per second, of 1000 for each core, ms. */
  readonly cpuASecond: CpuSplit;
  readonly ownDelay: number;
  /** Until everything has arrived: reported gaps, and events missing, repeated or lost. */
  readonly gaps: number;
  readonly missing: number;
  readonly repeated: number;
  readonly lost: number;
  /** Every planned event was sent, and every console received every one. */
  readonly isWhole: boolean;
}

/** Students and consoles on one server, for the lifetime of their tickets. */
export class Fan {
  readonly #server: SeededServer;
  readonly #delivery: Delivery;
  readonly #senders: Senders;
  readonly #consoles: Consoles;

  private constructor(server: SeededServer, delivery: Delivery, senders: Senders, consoles: Consoles) {
    this.#server = server;
    this.#delivery = delivery;
    this.#senders = senders;
    this.#consoles = consoles;
  }

  /** @param failed receives error messages @throws Error if a socket cannot be opened */
  static async open(server: SeededServer, plan: ConsolesPlan, failed: (reason: string) => void): Promise<Fan> {
    let senders: Senders | undefined;
    const delivery = new Delivery(plan.students.length, plan.consoles, () => senders?.completed());
    senders = await Senders.connect(server, plan.students, delivery, failed);
    try {
      await pause(SETTLE_MS);
      return new Fan(server, delivery, senders, await Consoles.connect(server, plan, delivery, failed));
    } catch (error) {
      senders.close();
      throw error;
    }
  }

  async run(loop: Loop, secs: number): Promise<FanOut> {
    const heldBack = this.#senders.heldBack;
    this.#senders.begin(loop);
    await pause(Math.min(WARM_UP_MS, secs * 1000));
    const warmUp = this.#delivery.recount();
    const before = this.#now();
    const delayed = watchOwnDelay();
    await period(secs, () => this.#delivery.delivered);
    const ownDelay = delayed();
    const after = this.#now();
    const counts = this.#delivery.recount();
    this.#senders.rest();
    const lost = await this.#drain();
    const all = [warmUp, counts, this.#delivery.recount()];
    const sum = (of: 'gaps' | 'missing' | 'repeated'): number => all.reduce((total, one) => total + one[of], 0);
    const seconds = (after.at - before.at) / 1000;
    const events = (after.sent - before.sent) / seconds;
    const isMade = loop.kind === 'closed' || (this.#senders.heldBack === heldBack && events >= MADE * loop.perSecond);
    const faults = { gaps: sum('gaps'), missing: sum('missing'), repeated: sum('repeated'), lost };
    const { p50, p95, p99 } = spread(counts.latencies);
    return {
      events,
      deliveries: counts.delivered / seconds,
      others: (after.others - before.others) / seconds,
      p50,
      p95,
      p99,
      cpu: cpuEach(before.cpu, after.cpu, counts.delivered),
      cpuASecond: cpuEach(before.cpu, after.cpu, seconds),
      ownDelay,
      ...faults,
      isWhole: isMade && Object.values(faults).every((count) => count === 0),
    };
  }

  /** Resubscribes consoles with a gap. @throws Error if a console cannot subscribe */
  mend(): Promise<void> {
    return this.#consoles.subscribe(this.#delivery.withGaps);
  }

  close(): void {
    this.#senders.close();
    this.#consoles.close();
  }

  #now() {
    return { at: performance.now(), sent: this.#senders.count, others: this.#consoles.others, cpu: this.#server.cpu() };
  }

  /** @returns number of deliveries that did not arrive */
  async #drain(): Promise<number> {
    const until = performance.now() + DRAIN_MS;
    const isDone = () => this.#senders.unacknowledged === 0 && this.#delivery.outstanding === 0;
    while (!isDone() && performance.now() < until) await pause(LOOK_MS);
    return this.#delivery.outstanding;
  }
}
