import { PageTitle } from '../../shared/page-title.tsx';
import { t } from '../messages.ts';
import type { Route } from '../route.ts';

interface ImportPageProps {
  readonly route: Extract<Route, { page: 'import' }>;
}

/** Import of people and enrolments from files. */
export function ImportPage({ route }: ImportPageProps) {
  return <PageTitle key={route.kind}>{t.imports.title}</PageTitle>;
}
