import type { ExamStatus } from '../../../protocol/http/exams.ts';
import { t } from '../messages.ts';

export const StatusBadge = ({ status }: { readonly status: ExamStatus }) => (
  <span class={status === 'active' ? 'badge low' : 'badge'}>{t.exams.status[status]}</span>
);
