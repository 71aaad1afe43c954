import type { Db } from '../../db/executor.ts';
import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { CheckInPictures } from './check-in-pictures.ts';
import { CheckInRetention } from './check-in-retention.ts';
import { EvidenceReader } from './evidence-reader.ts';
import { EvidenceRetention } from './evidence-retention.ts';
import { FolderStore } from './folder-store.ts';
import { EvidenceWriter } from './evidence-writer.ts';
import { SessionKeys } from './session-keys.ts';
import { SessionQuota } from './session-quota.ts';
import type { EvidenceStore } from './store.ts';

export interface EvidenceParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
}

/** Pictures of incidents: written, read and deleted. */
export interface OpenEvidence {
  /** Undefined: no master key, so that no picture is stored. */
  readonly evidenceWriter: EvidenceWriter | undefined;
  readonly evidenceReader: EvidenceReader;
  readonly evidenceRetention: EvidenceRetention;
  readonly checkInPictures: CheckInPictures;
  readonly checkInRetention: CheckInRetention;
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
      'EVIDENCE_KEY is not set: no pictures of incidents are stored, whatever the policies say. To store them, set it to the output of: openssl rand -base64 32',
    );
  const evidenceRetention = new EvidenceRetention({ ...parts, store });
  return {
    evidenceWriter: keys && new EvidenceWriter(keys, store, log, metrics, new SessionQuota(db)),
    evidenceReader: new EvidenceReader({ ...parts, store, keys }),
    evidenceRetention,
    checkInPictures: new CheckInPictures({ store, master, log }),
    checkInRetention: new CheckInRetention({ ...parts, pictures: evidenceRetention }),
  };
}
