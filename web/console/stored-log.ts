import { t } from './messages.ts';

/** This browser's last verified state of the audit log, in the local storage of the server's origin. */
export interface StoredLog {
  /** Verifier key, trusted on first use. */
  readonly key: string;
  /** Newest verified checkpoint. */
  readonly note: string;
  readonly size: number;
  /** First use of the key, and last successful verification, by this browser's clock, ms. */
  readonly trustedAt: number;
  readonly checkedAt: number;
  /** Stays until a person accepts the current log. */
  readonly alarm: LogAlarm | undefined;
}

/**
 * `key`: signed with another key. `signature`: invalid signature. `smaller`: entries are missing. `rewritten`: the
 * current log does not start with the earlier one.
 */
const ALARM_REASONS = ['key', 'signature', 'smaller', 'rewritten'] as const;
export type AlarmReason = (typeof ALARM_REASONS)[number];

export interface LogAlarm {
  readonly reason: AlarmReason;
  readonly at: number;
  /** Key and checkpoint that the server sent instead. */
  readonly key: string;
  readonly note: string;
}

/** Pure. @returns undefined without a valid stored state */
export function parseStoredLog(text: string | null): StoredLog | undefined {
  try {
    const kept = JSON.parse(text ?? 'null') as Partial<Record<keyof StoredLog, unknown>> | null;
    if (typeof kept?.key !== 'string' || typeof kept.note !== 'string') return undefined;
    if (![kept.size, kept.trustedAt, kept.checkedAt].every((value) => Number.isSafeInteger(value))) return undefined;
    return { ...(kept as StoredLog), alarm: parseAlarm(kept.alarm) };
  } catch {
    return undefined;
  }
}

function parseAlarm(value: unknown): LogAlarm | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const alarm = value as Partial<Record<keyof LogAlarm, unknown>>;
  const isOne =
    ALARM_REASONS.some((reason) => reason === alarm.reason) &&
    typeof alarm.key === 'string' &&
    typeof alarm.note === 'string' &&
    Number.isSafeInteger(alarm.at);
  return isOne ? (value as LogAlarm) : undefined;
}

/** Both checkpoints of an alarm as text for an auditor. */
export function alarmText({ key, note, checkedAt }: StoredLog, alarm: LogAlarm): string {
  const { evidence } = t.auditLog;
  return [
    evidence.found(new Date(alarm.at).toISOString(), alarm.reason),
    evidence.good(new Date(checkedAt).toISOString()),
    `${key}\n`,
    note,
    evidence.shown,
    `${alarm.key || evidence.noKey}\n`,
    alarm.note || `${evidence.noCheckpoint}\n`,
  ].join('\n');
}
