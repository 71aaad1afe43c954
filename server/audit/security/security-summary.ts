import { SECURITY_ACTS, SECURITY_KINDS, type SecurityKind } from '../../../protocol/security-kinds.ts';
import type { Logger } from '../../log.ts';

/** Interval of lines for repetitions, ms. */
const EVERY_MS = 60_000;
/** Maximum distinct networks and actors counted. */
const MOST_COUNTED = 1000;

interface Count {
  count: number;
  readonly networks: Set<string>;
  readonly actors: Set<string>;
}

/**
 * Security in the operational log: the first event of a kind at once, further ones as one line per kind and minute with
 * the number of events and networks. Actors and addresses are in the audit log only.
 */
export class SecuritySummary {
  readonly #log: Logger;
  /** By kind, since the last line. */
  readonly #counts = new Map<SecurityKind, Count>();
  readonly #timer: NodeJS.Timeout;

  constructor(log: Logger, everyMs = EVERY_MS) {
    this.#log = log;
    this.#timer = setInterval(() => this.flush(), everyMs).unref();
  }

  add(kind: SecurityKind, actor: string | null, network: string | null): void {
    const known = this.#counts.get(kind);
    if (!known) {
      this.#counts.set(kind, { count: 0, networks: new Set(), actors: new Set() });
      this.#tell(kind, {
        count: 1,
        networks: new Set(network === null ? [] : [network]),
        actors: new Set(actor === null ? [] : [actor]),
      });
      return;
    }
    known.count += 1;
    if (network !== null && known.networks.size < MOST_COUNTED) known.networks.add(network);
    if (actor !== null && known.actors.size < MOST_COUNTED) known.actors.add(actor);
  }

  /** Logs the counts, and drops kinds that did not recur. */
  flush(): void {
    for (const [kind, counted] of this.#counts) {
      if (counted.count === 0) {
        this.#counts.delete(kind);
        continue;
      }
      this.#counts.set(kind, { count: 0, networks: new Set(), actors: new Set() });
      this.#tell(kind, counted);
    }
  }

  stop(): void {
    clearInterval(this.#timer);
    this.flush();
  }

  #tell(kind: SecurityKind, { count, networks, actors }: Count): void {
    const line = { security: kind, count, networks: networks.size, actors: actors.size };
    const text = `${SECURITY_KINDS[kind].split(';')[0]}: ${count.toLocaleString('en')} from ${plural(networks.size, 'network')}, ${plural(actors.size, 'account')}`;
    if (SECURITY_ACTS.has(kind)) this.#log.info(line, text);
    else this.#log.warn(line, text);
  }
}

const plural = (count: number, what: string) =>
  `${count === MOST_COUNTED ? 'at least ' : ''}${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`;
