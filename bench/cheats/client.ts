import type { ClientOrigin } from '../../db/schema/client-origin.ts';
import { virtualNames, type Policy } from '../../protocol/policy.ts';
import {
  connected,
  initialState,
  lastingAbsence,
  reported,
  signalled,
  STATE_EVERY_MS,
  type StateChange,
  ticked,
  unobserved,
  virtualCamera,
} from '../../server/session/rules/client-state.ts';
import { originChange, withOrigin } from '../../server/session/rules/origin.ts';
import type { ClientOrigins } from '../../db/schema/client-origin.ts';
import type { Origin, PageState } from './script.ts';

/** Receives the events that follow from the state and the origin of a client. */
export interface ClientNotes {
  change(change: StateChange): void;
  note(type: string, from: number, now: number): void;
  /** An absence that was signalled is not over. */
  lasts(type: string, now: number): void;
}

const HERE: PageState = { visible: true, focused: true };

/** State and origin of a scripted client, through the rules of the server (E10, E11). Times are server ms. */
export class ScriptedClient {
  readonly #notes: ClientNotes;
  readonly #virtualNames: readonly string[];
  #rules;
  #origins: ClientOrigins | null = null;
  #reportedAt = Number.NEGATIVE_INFINITY;
  #frameAt: number | undefined;
  #label: string | undefined;

  constructor(policy: Policy, notes: ClientNotes, now: number) {
    this.#notes = notes;
    this.#virtualNames = virtualNames(policy);
    this.#rules = initialState([], now);
  }

  /** @param goneSince undefined: there was no gap */
  connect(
    { device = 'own', network = 'home', client = 'invigil', reports = true }: Origin,
    goneSince: number | undefined,
    now: number,
  ): void {
    const next: ClientOrigin = { device, network, client: { name: client, version: '1' } };
    const change = originChange(this.#origins, next);
    this.#origins = withOrigin(this.#origins, next);
    const isOther = change !== undefined && (change.device || change.client);
    // As in `server/session/live/origin-events.ts`: everything new after a gap lasts as long as that.
    if (isOther) this.#notes.note('DEVICE_CHANGED', change.network ? (goneSince ?? now) : now, now);
    if (change?.network) this.#notes.note('NETWORK_CHANGED', now, now);
    this.#rules = connected(this.#rules, reports, !isOther, now);
    this.#reportedAt = Number.NEGATIVE_INFINITY;
  }

  disconnect(now: number): void {
    this.#take(unobserved(this.#rules, now));
  }

  signal(type: string, now: number): void {
    this.#take(signalled(this.#rules, type, undefined, now));
  }

  returned(type: string, now: number): void {
    this.#take(signalled(this.#rules, 'RETURNED_TO_EXAM', type, now));
  }

  /** A second on a live connection. */
  live(state: PageState | 'silent' | undefined, hasFrame: boolean, now: number): void {
    if (hasFrame) this.#frameAt = now;
    if (state !== 'silent' && now - this.#reportedAt >= STATE_EVERY_MS) this.#report(state ?? HERE, now);
    this.#take(ticked(this.#rules, this.#frameAt, now));
  }

  #report({ label, ...state }: PageState, now: number): void {
    this.#reportedAt = now;
    this.#take(reported(this.#rules, state, false, now));
    const absence = lastingAbsence(this.#rules, state);
    if (absence) this.#notes.lasts(absence, now);
    const found = virtualCamera(label, this.#virtualNames);
    if (found === undefined || found === this.#label) return;
    this.#label = found;
    this.#notes.note('VIRTUAL_CAMERA_NAME', now, now);
  }

  #take([rules, changes]: ReturnType<typeof ticked>): void {
    this.#rules = rules;
    for (const change of changes) this.#notes.change(change);
  }
}
