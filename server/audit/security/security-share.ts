import type { SecurityKind } from '../../../protocol/security-kinds.ts';

/** A security act or refusal with what is known of its actor. */
export interface SecurityAct {
  readonly kind: SecurityKind;
  /** User id; null: unknown. */
  readonly actor: string | null;
  /** Id of a session, an exam, an account ...; null: none in particular. */
  readonly target: string | null;
  /** Network from `networkOf`; null: unknown. */
  readonly network: string | null;
}

export interface Tally extends SecurityAct {
  /** Not yet written to an entry. */
  count: number;
  /** Of these, those folded without target or network. */
  folded: number;
  /** Time of the first of these, server ms. */
  at: number;
  /** Start of a lasting act, server ms. */
  since: number | undefined;
  /** When the next entry may be written, server ms. */
  due: number;
}

/** A holder is an actor, or the network of an unknown one. */
export interface Bounds {
  /** Total tallies. */
  readonly whole: number;
  /** Per holder; beyond it one more per kind. */
  readonly each: number;
  /** Per holder and kind. */
  readonly variants: number;
  /** Per group of neighbouring networks: a whole address range counts as one. */
  readonly block: number;
  /** Whether a new holder's act is folded into an anonymous tally when all are taken. False: there is always room. */
  readonly anonymous: boolean;
}

interface Holder {
  readonly tallies: Set<Tally>;
  readonly byKind: Map<SecurityKind, number>;
}

const keyOf = ({ kind, actor, target, network }: SecurityAct) => `${kind} ${actor} ${network} ${target}`;
const holderOf = ({ actor, network }: SecurityAct) => actor ?? network ?? '';

/** First three bytes of an IPv4 address, or first three groups (/48) of an IPv6 address. */
const blockOf = (network: string): string =>
  network.includes(':') ? network.split(':').slice(0, 3).join(':') : network.split('.').slice(0, 3).join('.');

/**
 * Bounded tallies shared by their holders. Acts beyond a holder's room are folded into one tally per kind, with a
 * count. When all are taken, the largest holder gives way to a new one, so that noise cannot hide a first act.
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
    // Anonymous tallies without target are as few as there are kinds.
    if (act.actor === null && act.network === null && act.target === null) return true;
    const holder = this.#holders.get(holderOf(act));
    if (holder && (holder.tallies.size >= each || (holder.byKind.get(act.kind) ?? 0) >= variants)) return false;
    if (act.actor === null && act.network !== null && (this.#blocks.get(blockOf(act.network)) ?? 0) >= block)
      return false;
    return this.#tallies.size < whole || (!holder && (this.#makeRoom() || !this.#bounds.anonymous));
  }

  /** Tally of an act without one of its own. */
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

  /** Takes a tally from the largest holder: one already written, or two of a kind that are merged. */
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

/** Merges the holder's tallies of a kind, whatever the target; for an actor, from any network. */
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
