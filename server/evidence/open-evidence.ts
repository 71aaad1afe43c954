import type { Db } from '../../db/executor.ts';
import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { Album } from './album.ts';
import { Disposal } from './disposal.ts';
import { FolderStore } from './folder-store.ts';
import { EvidenceKeeper } from './keeper.ts';
import { SessionKeys } from './session-keys.ts';
import { SessionQuota } from './session-quota.ts';
import type { EvidenceStore } from './store.ts';

export interface EvidenceParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
}

/** Pictures of incidents: kept, shown and taken away. */
export interface OpenEvidence {
  /** Undefined: there is no master key, and none is kept. */
  readonly keeper: EvidenceKeeper | undefined;
  readonly album: Album;
  readonly disposal: Disposal;
}

/** @param master the master key, if there is one. `given`: another store than the folder */
export function openEvidence(
  parts: EvidenceParts,
  folder: string,
  master: Uint8Array | undefined,
  given?: EvidenceStore,
): OpenEvidence {
  const { db, log, metrics } = parts;
  const store = given ?? new FolderStore(folder);
  const keys = master && new SessionKeys(db, master);
  if (!keys)
    log.error(
      'EVIDENCE_KEY is not set: no picture of an incident is kept, whatever the policies say. To keep them, set it to what openssl rand -base64 32 prints',
    );
  return {
    keeper: keys && new EvidenceKeeper(keys, store, log, metrics, new SessionQuota(db)),
    album: new Album({ ...parts, store, keys }),
    disposal: new Disposal({ ...parts, store }),
  };
}
