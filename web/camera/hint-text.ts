import type { Gate, LiveCheck } from './live-check.ts';
import { t } from './messages.ts';

export interface CheckText {
  readonly tone: 'good' | 'warn' | '';
  readonly lines: readonly string[];
}

/** Pure: the result of the last check, for the user. */
export function checkText({ latest }: LiveCheck): CheckText {
  switch (latest?.kind) {
    case undefined:
      return { tone: '', lines: [t.firstImage] };
    case 'seen':
      return latest.hints.length === 0
        ? { tone: 'good', lines: [t.faceVisible] }
        : { tone: 'warn', lines: latest.hints.map((hint) => t.hints[hint]) };
    case 'busy':
      return { tone: '', lines: [t.serverBusy] };
    case 'off':
      return { tone: '', lines: [t.analysisOff] };
    case 'unanswered':
      return { tone: 'warn', lines: [t.serverSilent] };
  }
}

/** Pure: why the exam can begin without a detected face; undefined when a face is detected or the gate is closed. */
export const gateText = (gate: Gate): string | undefined =>
  gate.open && gate.why !== 'face' ? t.continueAnyway[gate.why] : undefined;
