import { cpuEach, type CpuSplit } from '../cpu-meter.ts';
import { pause } from '../lean/stretch.ts';
import { watchOwnDelay } from '../own-delay.ts';
import { spread } from '../../simulator/report/percentile.ts';
import type { SeededServer } from '../seeded/server.ts';
import { Consoles, type ConsolesPlan } from './consoles.ts';
import { Delivery } from './delivery.ts';
import { type Loop, Senders } from './senders.ts';

/** Loops find their pace first, ms. */
const WARM_UP_MS = 1000;
/** What is on its way when students stop arrives within this time, or it is lost, ms. */
const DRAIN_MS = 15_000;
const LOOK_MS = 20;
/** Students who come, and tickets that are confirmed, are events and commits too: done with after so long, ms. */
const SETTLE_MS = 500;
/** Asked for and not made, of the events of an open loop: below this share the load generator was too slow. */
const MADE = 0.98;

export interface FanOut {
  /** Signals sent a second, and events received by all consoles together. */
  readonly events: number;
  readonly deliveries: number;
  /** What consoles received besides: risk, and sessions as they are. */
  readonly others: number;
  /** From a student's send to a console's receipt, ms. */
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  /** Processor time of one delivery, ms. */
  readonly cpu: CpuSplit;
  /** Processor time a second, of 1000 for each core. */
  readonly cpuASecond: CpuSplit;
  readonly ownDelay: number;
  /** Until everything had arrived, all of it: told gaps; and what was left out, came again or never. */
  readonly gaps: number;
  readonly missing: number;
  readonly repeated: number;
  readonly lost: number;
  /** Every event that was asked for was made, and every console got every one. */
  readonly isWhole: boolean;
}

/** Students and consoles on one server, for as long as tickets last. */
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

  /** @param failed what went wrong, in words @throws Error in words */
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
    await pause(secs * 1000);
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

  /** Consoles that were told of a gap begin anew. @throws Error in words */
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

  /** @returns deliveries that did not come */
  async #drain(): Promise<number> {
    const until = performance.now() + DRAIN_MS;
    const isDone = () => this.#senders.unacknowledged === 0 && this.#delivery.outstanding === 0;
    while (!isDone() && performance.now() < until) await pause(LOOK_MS);
    return this.#delivery.outstanding;
  }
}
