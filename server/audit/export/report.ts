import type { ExportFault, ExportVerification } from './verification.ts';

const ENTRY_REASONS = {
  missing: 'the entry is gone',
  encoding: 'it is no entry',
  hash: 'it is not what was logged',
  position: 'it does not continue its chain: one before it is missing, or there are two',
  link: 'the entry before it in its chain is another one',
  payload: 'its payload is not what was logged',
  session: 'it is of another session',
  inclusion: 'it is not at this place in the log',
} as const;

const CHECKPOINT_REASONS = {
  malformed: 'is not one',
  unknown_key: 'is not signed by a key that is trusted',
  bad_signature: 'is not what was signed',
  origin: 'is of another log',
  order: 'is not where it belongs',
  root: 'does not agree',
  beyond: 'is of a longer log',
} as const;

/** One line: which one, and why. */
export function describeFault(fault: ExportFault): string {
  if (fault.what === 'file') return `the file: ${fault.detail}`;
  if (fault.what === 'checkpoint') {
    const which = fault.kept === 'inside' ? 'a checkpoint in the file' : 'a checkpoint kept outside';
    return `${which}${fault.size === null ? '' : `, of ${fault.size} leaves,`} ${CHECKPOINT_REASONS[fault.reason]}: ${fault.detail}`;
  }
  const { leaf, entityType, entityId, position, reason } = fault;
  const place = [
    leaf === null ? undefined : `leaf ${leaf}`,
    entityId === null ? undefined : `${entityType} ${entityId}`,
    position === null ? undefined : `position ${position}`,
  ];
  return `the entry at ${place.filter(Boolean).join(', ') || 'the next place'}: ${ENTRY_REASONS[reason]}`;
}

/** What is proved and what is not, in lines for people. */
export function describeVerification(result: ExportVerification): string[] {
  const { header, firstBad, checked, erased, pending, inside, outside, notCompared, unreadable, vouched } = result;
  if (firstBad) return [`BAD: ${describeFault(firstBad)}`, `${checked} before it are good`];
  const size = header!.size;
  const lines = [
    header!.kind === 'full'
      ? `good: ${checked} entries, ${size} in the tree${pending > 0 ? `, ${pending} that wait for their place in it` : ''}`
      : `good: ${checked} entries of session ${header!.session}, in a tree of ${size}`,
  ];
  if (erased > 0) lines.push(`${erased} payloads have been erased; their digests are good`);
  lines.push(`checkpoints that agree: ${inside} in the file, ${outside} kept outside`);
  if (notCompared > 0)
    lines.push(`${notCompared} checkpoints kept outside are of other sizes, and cannot be compared with one session`);
  if (unreadable > 0)
    lines.push(`${unreadable} passages of the file kept outside are no checkpoints: cut off by a crash, or spoilt`);
  return [...lines, ...describeTrust(result, vouched, size)];
}

function describeTrust({ vouchedBy, header }: ExportVerification, vouched: number, size: number): string[] {
  if (!vouchedBy.key && !vouchedBy.outside) {
    return [
      'NOBODY VOUCHES FOR THIS: the log agrees with itself, and whoever can write the database and its key can make one that does. Give a key (--key) and checkpoints kept outside (--checkpoint).',
    ];
  }
  const lines = [
    `vouched for by ${[vouchedBy.key && 'the key', vouchedBy.outside && 'checkpoints kept outside'].filter(Boolean).join(' and ')}: ${header!.kind === 'full' ? `the first ${vouched} of ${size} leaves` : `a tree of ${vouched} leaves`}`,
  ];
  if (vouched < size) lines.push(`no checkpoint speaks for the last ${size - vouched} leaves`);
  if (!vouchedBy.outside && header!.kind === 'full')
    lines.push('without a checkpoint kept outside nobody can tell whether later entries were cut off');
  if (header!.kind === 'session') lines.push('whether the session has later entries is not shown by it');
  return lines;
}
