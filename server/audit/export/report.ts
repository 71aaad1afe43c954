import type { ExportFault, ExportVerification } from './verification.ts';

const ENTRY_REASONS = {
  missing: 'entry missing',
  encoding: 'invalid entry',
  hash: 'differs from what was logged',
  position: 'does not continue its chain: the previous entry is missing or there are two',
  link: 'refers to a different previous entry',
  payload: 'payload differs from what was logged',
  session: 'belongs to another session',
  inclusion: 'is not at this position of the tree',
} as const;

const CHECKPOINT_REASONS = {
  malformed: 'is malformed',
  unknown_key: 'is not signed by a trusted key',
  bad_signature: 'has a bad signature',
  origin: 'belongs to another log',
  order: 'is out of order',
  root: 'does not match the log',
  beyond: 'is of a longer log, so the end was cut off',
} as const;

/** Describes a fault in one line. */
function describeFault(fault: ExportFault): string {
  if (fault.what === 'file') return `file: ${fault.detail}`;
  if (fault.what === 'checkpoint') {
    const which = fault.kept === 'inside' ? 'checkpoint in the file' : 'outside checkpoint';
    return `${which}${fault.size === null ? '' : `, of ${fault.size} leaves,`} ${CHECKPOINT_REASONS[fault.reason]}: ${fault.detail}`;
  }
  const { leaf, entityType, entityId, position, reason } = fault;
  const place = [
    leaf === null ? undefined : `leaf ${leaf}`,
    entityId === null ? undefined : `${entityType} ${entityId}`,
    position === null ? undefined : `position ${position}`,
  ];
  return `entry at ${place.filter(Boolean).join(', ') || 'the next position'}: ${ENTRY_REASONS[reason]}`;
}

/** Describes the result in lines for people. */
export function describeVerification(result: ExportVerification): string[] {
  const { header, firstBad, checked, erased, pending, inside, outside, notCompared, unreadable, vouched } = result;
  if (firstBad) return [`BAD: ${describeFault(firstBad)}`, `${checked} entries before it are good`];
  const size = header!.size;
  const lines = [
    header!.kind === 'full'
      ? `good: ${checked} entries, ${size} in the tree${pending > 0 ? `, ${pending} not yet in the tree` : ''}`
      : `good: ${checked} entries of session ${header!.session}, in a tree of ${size}`,
  ];
  if (erased > 0) lines.push(`${erased} payloads were erased; their digests are good`);
  lines.push(`matching checkpoints: ${inside} in the file, ${outside} outside`);
  if (notCompared > 0)
    lines.push(`${notCompared} outside checkpoints are of other sizes and cannot be compared with a single session`);
  if (unreadable > 0)
    lines.push(`${unreadable} parts of the outside file are not checkpoints: truncated by a crash, or damaged`);
  return [...lines, ...describeTrust(result, vouched, size)];
}

function describeTrust({ vouchedBy, header }: ExportVerification, vouched: number, size: number): string[] {
  if (!vouchedBy.key && !vouchedBy.outside) {
    return [
      'NOT VOUCHED FOR: the log is consistent, but anyone with write access to the database and its key can forge a consistent log. Pass a trusted key (--key) and checkpoints stored outside (--checkpoint).',
    ];
  }
  const lines = [
    `vouched for by ${[vouchedBy.key && 'the key', vouchedBy.outside && 'outside checkpoints'].filter(Boolean).join(' and ')}: ${header!.kind === 'full' ? `the first ${vouched} of ${size} leaves` : `a tree of ${vouched} leaves`}`,
  ];
  if (vouched < size) lines.push(`the last ${size - vouched} leaves are not covered by a checkpoint`);
  if (!vouchedBy.outside && header!.kind === 'full')
    lines.push('without an outside checkpoint, removal of later entries cannot be detected');
  if (header!.kind === 'session') lines.push('does not show whether the session has later entries');
  return lines;
}
