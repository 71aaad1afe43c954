import { ApiError, messageOf } from '../../shared/api-error.ts';
import { sentence } from '../../shared/messages/sentence.ts';
import { t } from '../messages.ts';
import { idOf, type Setting, type SettingsDraft } from './setting.ts';

export type DraftFault = 'twoExtras' | 'picturesOutliveSession';

/** Pure: faults that no single field shows. */
export function faultOf(draft: SettingsDraft): DraftFault | undefined {
  const value = (id: string) => Number(draft[id] || 0);
  if (value('extraMinutes') > 0 && value('extraPercent') > 0) return 'twoExtras';
  if (value('evidence.retentionDays') > value('retentionDays') && value('retentionDays') > 0)
    return 'picturesOutliveSession';
  return undefined;
}

/** Message about a refused profile, with the titles of the settings in place of the fields of the request. */
export function refusalOf(error: unknown, settings: readonly Setting[], field: string): string {
  const fields = error instanceof ApiError ? error.problem['fields'] : undefined;
  if (!Array.isArray(fields) || fields.length === 0) return messageOf(error);
  const titles = new Map(settings.map((setting) => [`body.${field}.${idOf(setting)}`, setting.title]));
  return (fields as readonly { field: string; message: string }[])
    .map((fault) => t.profiles.fieldFault(titles.get(fault.field) ?? fault.field, sentence(fault.message)))
    .join(' ');
}
