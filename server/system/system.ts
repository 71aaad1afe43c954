import type { Executor } from '../../db/executor.ts';
import type { MailStatus } from '../../protocol/http/passwords.ts';
import type { System, Setting } from '../../protocol/http/system.ts';
import type { LogState } from '../audit/tree/tree-writer.ts';
import type { Clock } from '../clock.ts';
import type { Vision } from '../inference/pool.ts';
import type { LogOutput } from '../line-writer.ts';
import type { CapacityFile } from './capacity.ts';
import { expectedSessions } from './expected-sessions.ts';
import { partsOf } from './parts.ts';
import type { RateMeter } from './rates.ts';
import type { StorageMeter } from './storage.ts';

export interface SystemParts {
  readonly db: Executor;
  readonly clock: Clock;
  readonly version: string;
  readonly settings: readonly Setting[];
  readonly visionWanted: boolean;
  readonly threads: number;
  readonly database: () => (NonNullable<System['database']> & { readonly isUp: boolean }) | undefined;
  readonly vision: () => Vision;
  readonly waiting: () => number;
  readonly rateScale: () => number;
  readonly live: () => number;
  readonly evidence: { readonly isFailing: boolean } | undefined;
  readonly audit: () => LogState | undefined;
  readonly logs: () => LogOutput | undefined;
  readonly mail: () => MailStatus;
  readonly storage: Pick<StorageMeter, 'measured'>;
  readonly rates: Pick<RateMeter, 'analysedPerSecond' | 'carried'>;
  readonly capacity: Pick<CapacityFile, 'read'>;
}

/** Sessions expected are counted once in this time, however many ask. */
const EXPECTED_MS = 30_000;

type Expected = Awaited<ReturnType<typeof expectedSessions>>;

/** State of the installation. All but the expected sessions is at hand: asking costs next to nothing. */
export class SystemState {
  readonly #parts: SystemParts;
  readonly #startedAt: number;
  #expected: { readonly at: number; readonly value: Promise<Expected> } | undefined;

  constructor(parts: SystemParts) {
    this.#parts = parts;
    this.#startedAt = parts.clock();
  }

  async read(): Promise<System> {
    const { clock, version, settings, threads, database, vision, waiting, rates, storage, capacity, live } =
      this.#parts;
    const now = clock();
    const [found, seen, mail, rateScale] = [database(), vision(), this.#parts.mail(), this.#parts.rateScale()];
    const { analysedPerSecond, carried } = rates;
    return {
      at: new Date(now).toISOString(),
      version,
      node: process.version,
      startedAt: new Date(this.#startedAt).toISOString(),
      parts: partsOf({
        databaseIsUp: found?.isUp === true,
        vision: seen,
        visionWanted: this.#parts.visionWanted,
        rateScale,
        evidence: this.#parts.evidence,
        audit: this.#parts.audit(),
        logs: this.#parts.logs(),
        mail,
        volumes: storage.measured.volumes,
        now,
      }),
      database: found ? { engine: found.engine, durability: found.durability } : null,
      inference: {
        threads,
        waiting: waiting(),
        rateScale,
        analysedPerSecond: analysedPerSecond ?? null,
        models: seen.state === 'on' ? seen.models.map(({ name, version: of }) => ({ name, version: of })) : [],
      },
      mail,
      storage: { ...storage.measured, logs: 'stdout' },
      sessions: {
        live: live(),
        ...(await this.#expect(now)),
        carried: carried ? { sessions: carried.sessions, at: new Date(carried.at).toISOString() } : null,
        measured: (await capacity.read()) ?? null,
      },
      settings: [...settings],
    };
  }

  #expect(now: number): Promise<Expected> {
    const known = this.#expected;
    if (known && Math.abs(now - known.at) < EXPECTED_MS) return known.value;
    const value = expectedSessions(this.#parts.db, now);
    this.#expected = { at: now, value };
    // A failure is not kept.
    value.catch(() => {
      if (this.#expected?.value === value) this.#expected = undefined;
    });
    return value;
  }
}
