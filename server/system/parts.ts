import type { MailStatus } from '../../protocol/http/passwords.ts';
import type { SystemPart, System } from '../../protocol/http/system.ts';
import type { LogState } from '../audit/tree/tree-writer.ts';
import type { Vision } from '../inference/pool.ts';
import type { LogOutput } from '../line-writer.ts';

/** What the server knows of its parts. */
export interface PartStates {
  readonly databaseIsUp: boolean;
  readonly vision: Vision;
  /** False: `VISION=off`. */
  readonly visionWanted: boolean;
  readonly rateScale: number;
  /** Undefined: no key, so that no picture is stored. */
  readonly evidence: { readonly isFailing: boolean } | undefined;
  readonly audit: LogState | undefined;
  readonly logs: LogOutput | undefined;
  readonly mail: MailStatus;
  readonly volumes: System['storage']['volumes'];
  readonly now: number;
}

const HOUR_MS = 3_600_000;
/** Free share of a volume below which somebody has to look. */
const LOW_SHARE = 0.1;
const SOON_DAYS = 7;

type Answer = Omit<SystemPart, 'name' | 'reason'> & { readonly reason?: string | null };

function database({ databaseIsUp }: PartStates): Answer {
  return databaseIsUp ? { state: 'ok', code: 'up' } : { state: 'failed', code: 'down' };
}

function inference({ vision, visionWanted, rateScale }: PartStates): Answer {
  if (!visionWanted) return { state: 'off', code: 'vision_off' };
  if (vision.state === 'starting') return { state: 'starting', code: 'vision_starting', reason: vision.reason ?? null };
  if (vision.state === 'off') return { state: 'failed', code: 'vision_failed', reason: vision.reason };
  return rateScale < 1 ? { state: 'attention', code: 'vision_slow' } : { state: 'ok', code: 'up' };
}

function evidence({ evidence: writer }: PartStates): Answer {
  if (!writer) return { state: 'off', code: 'no_evidence_key' };
  return writer.isFailing ? { state: 'failed', code: 'evidence_failing' } : { state: 'ok', code: 'up' };
}

function audit({ audit: state }: PartStates): Answer {
  if (state === 'changed') return { state: 'failed', code: 'audit_changed' };
  return state === 'behind' ? { state: 'attention', code: 'audit_behind' } : { state: 'ok', code: 'up' };
}

function logs({ logs: output }: PartStates): Answer {
  if (!output) return { state: 'ok', code: 'logs_unknown' };
  return output.isUp
    ? { state: 'ok', code: 'up' }
    : { state: 'attention', code: 'logs_lost', reason: String(output.lost) };
}

function mail({ mail: { enabled, lastFailure }, now }: PartStates): Answer {
  if (!enabled) return { state: 'off', code: 'no_mail_server' };
  if (!lastFailure || now - Date.parse(lastFailure.at) > 24 * HOUR_MS) return { state: 'ok', code: 'up' };
  return { state: 'attention', code: 'mail_failed', reason: lastFailure.message };
}

function storage({ volumes }: PartStates): Answer {
  if (volumes.length === 0) return { state: 'ok', code: 'storage_unknown' };
  if (volumes.some(({ lastsDays }) => lastsDays !== null && lastsDays < SOON_DAYS))
    return { state: 'attention', code: 'storage_full_soon' };
  return volumes.some(({ freeBytes, totalBytes }) => freeBytes < totalBytes * LOW_SHARE)
    ? { state: 'attention', code: 'storage_low' }
    : { state: 'ok', code: 'up' };
}

const PARTS = { database, inference, evidence, audit, logs, mail, storage } as const;

/** Pure: state of each part, in a fixed order. */
export const partsOf = (states: PartStates): SystemPart[] =>
  (Object.keys(PARTS) as (keyof typeof PARTS)[]).map((name) => ({ name, reason: null, ...PARTS[name](states) }));
