import type { Executor } from '../../db/executor.ts';
import type { Clock, Timers } from '../clock.ts';
import type { Config } from '../config.ts';
import type { InferencePool } from '../inference/pool.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { CapacityFile } from '../system/capacity.ts';
import { RateMeter } from '../system/rates.ts';
import { StorageMeter } from '../system/storage.ts';
import { SystemState } from '../system/system.ts';
import type { Accounts } from './open-accounts.ts';
import type { Sessions } from './open-sessions.ts';
import type { Shutdown } from './shutdown.ts';
import type { Status } from './status.ts';

export interface OpenSystemParts {
  readonly db: Executor;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly database: { readonly kind: 'pglite' | 'postgres' };
  readonly pool: InferencePool;
  readonly sessions: Pick<Sessions, 'scheduler' | 'rate' | 'registry' | 'evidence'>;
  readonly accounts: Pick<Accounts, 'mailer'>;
  readonly status: Status;
  readonly shutdown: Shutdown;
  readonly version: string;
}

/** The state of the installation, with its meters running. */
export function openSystem(config: Config, parts: OpenSystemParts): SystemState {
  const { db, clock, timers, metrics, pool, sessions, accounts, status, shutdown } = parts;
  const storage = new StorageMeter({
    ...parts,
    folders: {
      database: parts.database.kind === 'pglite' ? config.dataDir : undefined,
      evidence: config.evidenceDir,
      audit: config.auditDir,
    },
  });
  storage.start(shutdown.signal);
  shutdown.on('requests', () => storage.ended());
  const live = () => sessions.registry.connected;
  const rates = new RateMeter(
    {
      analysed: async () => (await metrics.framesAnalysed.get()).values[0]?.value ?? 0,
      live,
      scale: () => sessions.rate.scale,
    },
    clock,
  );
  rates.start(shutdown.signal, timers);
  return new SystemState({
    db,
    clock,
    version: parts.version,
    settings: config.settings,
    visionWanted: config.vision,
    threads: config.inferenceThreads,
    database: () => status.database(),
    vision: () => pool.vision,
    waiting: () => sessions.scheduler.waiting,
    rateScale: () => sessions.rate.scale,
    live,
    evidence: sessions.evidence.evidenceWriter,
    audit: () => status.audit(),
    logs: () => status.logs(),
    mail: () => accounts.mailer.status,
    storage,
    rates,
    capacity: new CapacityFile(config.dataDir),
  });
}
