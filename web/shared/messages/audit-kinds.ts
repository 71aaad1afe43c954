import { catalogue } from './catalogue.ts';
import { kinds } from './en/admin/audit-entries.ts';

const auditKinds: Readonly<Record<string, string>> = catalogue(kinds);

/** Name of a kind of entry of the audit log; no page shows a kind itself. */
export const auditKindTitle = (kind: string): string => {
  if (Object.hasOwn(auditKinds, kind)) return auditKinds[kind]!;
  // Of a newer server.
  const words = kind.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};
