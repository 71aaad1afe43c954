import type { SecurityKind } from '../../../protocol/security-kinds.ts';

/** One security act or refusal, with whatever is known of who did it. */
export interface SecurityAct {
  readonly kind: SecurityKind;
  /** A user's id; null: nobody known. */
  readonly actor: string | null;
  /** Id of a session, an exam, an account ...; null: of nothing in particular. */
  readonly target: string | null;
  /** Where it came from, as `networkOf` names it; null: not told. */
  readonly network: string | null;
}

export interface Tally extends SecurityAct {
  /** Not yet given to an entry. */
  count: number;
  /** Of these, those whose target or network is not told. */
  folded: number;
  /** Of the first of these, server ms. */
  at: number;
  /** When an act that lasted began, server ms. */
  since: number | undefined;
  /** When the next entry may be written, server ms. */
  due: number;
}

/** A holder is an actor, or the network of somebody who is not known. */
export interface Bounds {
  /** Tallies of all. */
  readonly whole: number;
  /** Of one holder; beyond it one more of each kind. */
  readonly each: number;
  /** Of one holder and kind. */
  readonly variants: number;
  /** Of neighbouring networks: whoever has a range of addresses is one. */
  readonly block: number;
  /**
   * When everything is taken by others, a new holder's act is counted as nobody's. False: there is always a place for
   * it.
   */
  readonly anonymous: boolean;
}

interface Holder {
  readonly tallies: Set<Tally>;
  readonly byKind: Map<SecurityKind, number>;
}

const keyOf = ({ kind, actor, target, network }: SecurityAct) => `${kind} ${actor} ${network} ${target}`;
const holderOf = ({ actor, network }: SecurityAct) => actor ?? network ?? '';

/** The first three bytes of an IPv4 address, or the first three groups (a /48) of an IPv6 one. */
export const blockOf = (network: string): string =>
  network.includes(':') ? network.split(':').slice(0, 3).join(':') : network.split('.').slice(0, 3).join('.');

/**
 * Tallies within a bound, shared by whoever they are of. What one holder has no room for is folded into one tally of
 * its kind, with how many were. When all is taken, the holder of most gives way to one who was not heard of yet: a
 * first act is hidden by nobody's noise.
 */
export class Share {
  readonly #bounds: Bounds;
  readonly #tallies = new Map<string, Tally>();
  readonly #holders = new Map<string, Holder>();
  readonly #blocks = new Map<string, number>();

  constructor(bounds: Bounds) {
    this.#bounds = bounds;
  }

  get size(): number {
    return this.#tallies.size;
  }

  get tallies(): Iterable<Tally> {
    return this.#tallies.values();
  }

  /** Counts an act. @returns its tally */
  count(act: SecurityAct, now: number): Tally {
    const whole = this.#tallies.get(keyOf(act)) ?? (this.#mayHold(act) ? this.#open(act, now) : undefined);
    if (whole) return add(whole, now, 0);
    return add(this.#folded(act, now), now, 1);
  }

  forget(tally: Tally): void {
    if (!this.#tallies.delete(keyOf(tally))) return;
    const holder = this.#holders.get(holderOf(tally))!;
    holder.tallies.delete(tally);
    lower(holder.byKind, tally.kind);
    if (holder.tallies.size === 0) this.#holders.delete(holderOf(tally));
    if (tally.actor === null && tally.network !== null) lower(this.#blocks, blockOf(tally.network));
  }

  /** Whether the act gets a tally of its own. */
  #mayHold(act: SecurityAct): boolean {
    const { whole, each, variants, block } = this.#bounds;
    // Those of nobody and nothing in particular are as few as there are kinds.
    if (act.actor === null && act.network === null && act.target === null) return true;
    const holder = this.#holders.get(holderOf(act));
    if (holder && (holder.tallies.size >= each || (holder.byKind.get(act.kind) ?? 0) >= variants)) return false;
    if (act.actor === null && act.network !== null && (this.#blocks.get(blockOf(act.network)) ?? 0) >= block)
      return false;
    return this.#tallies.size < whole || (!holder && (this.#makeRoom() || !this.#bounds.anonymous));
  }

  /** Where an act is counted that gets no tally of its own. */
  #folded(act: SecurityAct, now: number): Tally {
    const fold = foldOf(act);
    const known = this.#tallies.get(keyOf(fold));
    if (known) return known;
    const isHere = this.#holders.has(holderOf(act));
    if (isHere && (this.#tallies.size < this.#bounds.whole || this.#makeRoom() || !this.#bounds.anonymous))
      return this.#open(fold, now);
    const nobody = { kind: act.kind, actor: null, target: null, network: null };
    return this.#tallies.get(keyOf(nobody)) ?? this.#open(nobody, now);
  }

  /** Takes a place from whoever has most: one that is written already, or two of a kind that become one. */
  #makeRoom(): boolean {
    let most: Holder | undefined;
    for (const [name, holder] of this.#holders)
      if (name !== '' && holder.tallies.size > (most?.tallies.size ?? 1)) most = holder;
    if (!most) return false;
    const byKind = new Map<SecurityKind, Tally>();
    for (const tally of most.tallies) {
      if (tally.count === 0) {
        this.forget(tally);
        return true;
      }
      const other = byKind.get(tally.kind);
      if (other) {
        this.#merge(other, tally);
        return true;
      }
      byKind.set(tally.kind, tally);
    }
    return false;
  }

  #merge(a: Tally, b: Tally): void {
    this.forget(a);
    this.forget(b);
    const fold = foldOf(a);
    const into = this.#tallies.get(keyOf(fold)) ?? this.#open(fold, a.at);
    into.at = into.count === 0 ? Math.min(a.at, b.at) : Math.min(into.at, a.at, b.at);
    for (const from of [a, b]) {
      into.count += from.count;
      into.folded += keyOf(from) === keyOf(fold) ? from.folded : from.count;
    }
  }

  #open(act: SecurityAct, now: number): Tally {
    const { kind, actor, target, network } = act;
    const tally: Tally = { kind, actor, target, network, count: 0, folded: 0, at: now, since: undefined, due: now };
    this.#tallies.set(keyOf(tally), tally);
    const holder = this.#holders.get(holderOf(act)) ?? { tallies: new Set(), byKind: new Map() };
    this.#holders.set(holderOf(act), holder);
    holder.tallies.add(tally);
    raise(holder.byKind, kind);
    if (actor === null && network !== null) raise(this.#blocks, blockOf(network));
    return tally;
  }
}

/** Of the same holder and kind, whatever the target; of an actor, from wherever. */
const foldOf = ({ kind, actor, network }: SecurityAct): SecurityAct => ({
  kind,
  actor,
  target: null,
  network: actor === null ? network : null,
});

function add(tally: Tally, now: number, folded: number): Tally {
  if (tally.count === 0) tally.at = now;
  tally.count += 1;
  tally.folded += folded;
  return tally;
}

function raise<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function lower<K>(counts: Map<K, number>, key: K): void {
  const left = (counts.get(key) ?? 1) - 1;
  if (left > 0) counts.set(key, left);
  else counts.delete(key);
}
