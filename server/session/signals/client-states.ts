import type { EventRow } from '../../../db/events.ts';
import type { ClientState } from '../../../protocol/down.ts';
import type { State } from '../../../protocol/exam.ts';
import { virtualNames } from '../../../protocol/policy.ts';
import type { Clock } from '../../clock.ts';
import type { SessionRecorder } from '../record/session-recorder.ts';
import {
  connected,
  initialState,
  lastingAbsence,
  reported,
  signalled,
  type StateChange,
  type StateRules,
  ticked,
  unobserved,
  virtualCamera,
} from '../rules/client-state.ts';
import type { BoundedEvents } from './bounded-events.ts';

/** State of one session's exam client as it reports it. In memory; only events that follow from it are stored. */
export class ClientStates {
  readonly #recorder: SessionRecorder;
  readonly #bounded: BoundedEvents;
  readonly #clock: Clock;
  readonly #virtualNames: readonly string[];
  #rules: StateRules;
  #last: ClientState | undefined;

  constructor(recorder: SessionRecorder, bounded: BoundedEvents, clock: Clock) {
    this.#recorder = recorder;
    this.#bounded = bounded;
    this.#clock = clock;
    this.#virtualNames = virtualNames(recorder.state.policy);
    const { openAbsences, origins } = recorder.state;
    this.#rules = initialState(openAbsences, clock(), origins?.reports === true);
  }

  /** As it was last reported; undefined: never since the session was loaded. */
  get last(): ClientState | undefined {
    return this.#last;
  }

  /** @param sameClient it is the client of the connection before, as far as it is told */
  attach(reports: boolean, sameClient: boolean, now: number): void {
    this.#rules = connected(this.#rules, reports, sameClient, now);
    const { state } = this.#recorder;
    // Outlasts the session's time in memory: a client cannot rid itself of it by staying away.
    if (state.origins) state.origins = { ...state.origins, reports: this.#rules.reports };
  }

  /** @param held signals may wait for the server */
  take({ type: _type, ...state }: State, held: boolean): void {
    const now = this.#clock();
    this.#last = { ...state, at: new Date(now).toISOString() };
    if (this.#recorder.state.status !== 'active') return;
    const [rules, changes] = reported(this.#rules, state, held, now);
    this.#rules = rules;
    const absence = held ? undefined : lastingAbsence(rules, state);
    const lasts = absence && this.#recorder.state.absenceLasts(absence, now);
    const rows = [
      ...this.#rowsOf(changes),
      ...(lasts ? [lasts] : []),
      ...this.#virtualCamera(state.camera?.label, now),
    ];
    if (rows.length > 0) void this.#recorder.store(rows);
  }

  /** A signal arrived, by socket or HTTP. */
  signalled(type: string, data: Readonly<Record<string, unknown>> | undefined): void {
    const [rules, changes] = signalled(this.#rules, type, data?.['after'], this.#clock());
    this.#rules = rules;
    void this.#recorder.store(this.#rowsOf(changes));
  }

  /** Once a second. @param observed there is a socket, no pause, and no full write queue */
  tick(observed: boolean, now: number): void {
    if (!observed) {
      void this.#recorder.store(this.stop(now));
      return;
    }
    const [rules, changes] = ticked(this.#rules, this.#recorder.state.lastFrameAt, now);
    this.#rules = rules;
    void this.#recorder.store(this.#rowsOf(changes));
  }

  /** The session is no longer observed. @returns rows of the events that this ends */
  stop(now: number): EventRow[] {
    const [rules, changes] = unobserved(this.#rules, now);
    this.#rules = rules;
    return this.#rowsOf(changes);
  }

  #rowsOf(changes: readonly StateChange[]): EventRow[] {
    return changes.flatMap(({ kind, type, at }) => {
      if (kind === 'close') return this.#recorder.state.change(type, { at, ended: true }) ?? [];
      if (!this.#bounded.admits(type, this.#clock())) return [];
      const details = type === 'UNREPORTED_ABSENCE' ? this.#absence() : {};
      return this.#recorder.record({ type, source: 'connection', startedAt: at, endedAt: undefined, details });
    });
  }

  #absence() {
    const { visible, focused, waiting } = this.#last ?? {};
    return { reported: visible === false ? 'hidden' : 'unfocused', focused, waiting };
  }

  /** Once for each name, also across restarts of the server. */
  #virtualCamera(label: string | null | undefined, now: number): EventRow[] {
    const { state } = this.#recorder;
    const found = virtualCamera(label, this.#virtualNames);
    if (found === undefined || !state.origins || state.origins.virtualCamera === found) return [];
    if (!this.#bounded.admits('VIRTUAL_CAMERA_NAME', now)) return [];
    state.origins = { ...state.origins, virtualCamera: found };
    return [this.#recorder.instant('VIRTUAL_CAMERA_NAME', 'connection', now, { label: found })];
  }
}
