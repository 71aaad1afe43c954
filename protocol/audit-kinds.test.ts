import { expect, test } from 'vitest';
import { AUDIT_KINDS, kindsOf } from './audit-kinds.ts';
import { AUDIT_EVENTS } from './http/audit.ts';
import { SECURITY_KINDS } from './security-kinds.ts';

test('each kind of audit entry is in exactly one group of the filter', () => {
  const all = [...Object.keys(AUDIT_EVENTS).filter((type) => type !== 'SECURITY'), ...Object.keys(SECURITY_KINDS)];
  expect([...AUDIT_KINDS].toSorted()).toEqual(all.toSorted());
});

test('a filter names a group or one kind', () => {
  expect(kindsOf('pictures')).toEqual(['EVIDENCE_VIEWED', 'CHECK_IN_VIEWED', 'pictures_listed']);
  expect(kindsOf('login_failed')).toEqual(['login_failed']);
  for (const name of ['', 'SECURITY', 'toString', '__proto__']) expect(kindsOf(name), name).toBeUndefined();
});
