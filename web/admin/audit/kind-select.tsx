import { AUDIT_GROUPS, AUDIT_KIND_GROUPS, type AuditKind, type AuditKindGroup } from '../../../protocol/audit-kinds.ts';
import { SECURITY_KINDS } from '../../../protocol/security-kinds.ts';
import { Labelled } from '../../shared/field.tsx';
import { t } from '../messages.ts';

interface KindSelectProps {
  readonly value: string;
  /** Kinds of security entries are for administrators. */
  readonly isAdmin: boolean;
  /** Entries of events are listed for one session. */
  readonly withEvents: boolean;
  readonly onChange: (kind: string) => void;
}

/** Kinds of entries by group; a group can be chosen as a whole. */
export function KindSelect({ value, isAdmin, withEvents, onChange }: KindSelectProps) {
  const offered = (group: AuditKindGroup) =>
    (AUDIT_KIND_GROUPS[group] as readonly AuditKind[]).filter(
      (kind) => (isAdmin || !Object.hasOwn(SECURITY_KINDS, kind)) && (withEvents || kind !== 'EVENTS_STORED'),
    );
  return (
    <Labelled label={t.audit.kind} hint={undefined}>
      {(names) => (
        <select {...names} value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
          <option value="">{t.audit.anyKind}</option>
          {AUDIT_GROUPS.filter((group) => offered(group).length > 0).map((group) => (
            <optgroup key={group} label={t.audit.groups[group]}>
              <option value={group}>{t.audit.allOf(t.audit.groups[group])}</option>
              {offered(group).map((kind) => (
                <option key={kind} value={kind}>
                  {t.audit.kinds[kind]}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
      )}
    </Labelled>
  );
}
