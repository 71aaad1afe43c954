import { PageTitle } from '../../shared/page-title.tsx';
import { t } from '../messages.ts';

/** Policy profiles and accommodation profiles. */
export function ProfileList() {
  return <PageTitle>{t.profiles.title}</PageTitle>;
}
