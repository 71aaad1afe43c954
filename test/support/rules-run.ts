import { Policy, type PolicyInput } from '../../protocol/policy.ts';
import type { Detection } from '../../models/jobs.ts';
import {
  applyRules,
  initialRules,
  type Observation,
  type RuleChange,
  type RulesState,
} from '../../server/session/rules/rules.ts';
import { detection, type Seen } from '../../simulator/fixtures/detections.ts';

/** The face as a living person holds it: never still, and never twice in the same place. */
function sway(seen: Detection, at: number): Detection {
  const random = Math.sin(at * 12.9898) * 43_758.5453;
  const shift = 12 * (random - Math.floor(random));
  const faces = seen.faces.map((face) => ({
    ...face,
    box: [face.box[0] + shift, face.box[1], face.box[2], face.box[3]] as const,
  }));
  return { ...seen, faces };
}

/** Runs the rules over a scripted time line and collects the reported changes. Times are seconds from the start. */
export class RulesRun {
  readonly policy: Policy;
  readonly changes: RuleChange[] = [];
  #state: RulesState;
  #at: number;

  constructor(policy: PolicyInput = {}, at = 0) {
    this.policy = Policy.parse(policy);
    this.#state = initialRules(at * 1000);
    this.#at = at * 1000;
  }

  get state(): RulesState {
    return this.#state;
  }

  get now(): number {
    return this.#at / 1000;
  }

  apply(observation: Observation): this {
    const { state, changes } = applyRules(this.policy, this.#state, observation);
    this.#state = state;
    this.#at = observation.at;
    this.changes.push(...changes);
    return this;
  }

  /** A frame that arrives and is analysed. */
  see(seen: Seen, at = this.now): this {
    this.apply({ kind: 'frame', at: at * 1000 });
    return this.apply({ kind: 'detection', detection: sway(detection(seen), at), at: at * 1000 });
  }

  /** Frames one second apart, the first one second from now; each differs unless `seen` has a print. */
  show(seen: Seen, seconds: number): this {
    for (let i = 0; i < seconds; i++) this.see(seen, this.now + 1);
    return this;
  }

  /** Time on a live socket without a frame. */
  wait(seconds: number): this {
    for (let i = 0; i < seconds; i++) this.apply({ kind: 'tick', at: this.#at + 1000 });
    return this;
  }

  invalid(at = this.now + 1): this {
    return this.apply({ kind: 'invalid', at: at * 1000 });
  }

  gap(at = this.now): this {
    return this.apply({ kind: 'gap', at: at * 1000 });
  }

  resume(at = this.now): this {
    return this.apply({ kind: 'resume', at: at * 1000 });
  }

  /** `OPEN NO_FACE 11..14`: kind, type, start and report time in seconds; updates are omitted. */
  get told(): string[] {
    return this.changes
      .filter((change) => change.kind !== 'update')
      .map(({ kind, type, startedAt, at }) => `${kind.toUpperCase()} ${type} ${startedAt / 1000}..${at / 1000}`);
  }
}
