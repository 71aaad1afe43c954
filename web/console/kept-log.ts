/**
 * The audit log as this browser knows it, kept on this machine: each server has an origin, and each origin a storage of
 * its own.
 */
export interface KeptLog {
  /** Verifier key, as it was told first. */
  readonly key: string;
  /** Newest checkpoint that was found good. */
  readonly note: string;
  readonly size: number;
  /** When the key was first seen, and when the log was last found good, by this browser's clock, ms. */
  readonly trustedAt: number;
  readonly checkedAt: number;
  /** Stays until a person has looked. */
  readonly alarm: LogAlarm | undefined;
}

/**
 * `key`: it signs with another key. `signature`: the note is not signed as it should be. `smaller`: entries are gone.
 * `rewritten`: what was there is not the beginning of what is there now.
 */
export const ALARM_REASONS = ['key', 'signature', 'smaller', 'rewritten'] as const;
export type AlarmReason = (typeof ALARM_REASONS)[number];

export interface LogAlarm {
  readonly reason: AlarmReason;
  readonly at: number;
  /** What the server showed instead. */
  readonly key: string;
  readonly note: string;
}

/** Pure. @returns undefined when nothing is kept, or something else */
export function parseKept(text: string | null): KeptLog | undefined {
  try {
    const kept = JSON.parse(text ?? 'null') as Partial<Record<keyof KeptLog, unknown>> | null;
    if (typeof kept?.key !== 'string' || typeof kept.note !== 'string') return undefined;
    if (![kept.size, kept.trustedAt, kept.checkedAt].every((value) => Number.isSafeInteger(value))) return undefined;
    return { ...(kept as KeptLog), alarm: parseAlarm(kept.alarm) };
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

/** Both sides of an alarm as a text that an administrator can be sent. */
export const alarmText = ({ key, note, checkedAt }: KeptLog, alarm: LogAlarm): string =>
  [
    `Found ${new Date(alarm.at).toISOString()}: ${alarm.reason}`,
    `Good until ${new Date(checkedAt).toISOString()}, under the key`,
    `${key}\n`,
    note,
    'Shown instead, under the key',
    `${alarm.key || '(none)'}\n`,
    alarm.note || '(no checkpoint)\n',
  ].join('\n');
