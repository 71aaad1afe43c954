import { expect, test } from 'vitest';
import { AUDIT_EVENTS } from '../../protocol/http/audit.ts';
import { SECURITY_KINDS } from '../../protocol/security-kinds.ts';
import { auditKindTitle } from './messages/audit-kinds.ts';

test('every kind of entry of the audit log has words, also one that the page does not know', () => {
  const kinds = [...Object.keys(AUDIT_EVENTS), ...Object.keys(SECURITY_KINDS), 'A_KIND_OF_TOMORROW'];
  for (const kind of kinds) expect(auditKindTitle(kind), kind).not.toMatch(/_|^[A-Z\d]+$/);
  expect(auditKindTitle('EVIDENCE_VIEWED')).toBe('Image of an incident opened');
  expect(auditKindTitle('A_KIND_OF_TOMORROW')).toBe('A kind of tomorrow');
});
