import type { Role } from '../../protocol/http/accounts.ts';
import type { ExamPeriod } from '../../protocol/http/exams.ts';
import type { ImportKind } from '../../protocol/http/imports.ts';
import { type AuditFilter, NO_AUDIT_FILTER, parseAuditFilter } from './audit/audit-filter.ts';
import { UUID } from '../../protocol/uuid.ts';

/** `all`: of every period. */
export type ShownPeriod = ExamPeriod | 'all';
export const PERIODS: readonly ShownPeriod[] = ['today', 'coming', 'drafts', 'past', 'archived', 'all'];
export const ROLES: readonly Role[] = ['student', 'proctor', 'reviewer', 'manager', 'admin'];
export const EXAM_TABS = ['overview', 'students', 'staff', 'attendance', 'results', 'edit'] as const;
export type ExamTab = (typeof EXAM_TABS)[number];
export const IMPORT_KINDS: readonly ImportKind[] = ['people', 'enrolments', 'oneroster'];
export const PROFILE_KINDS = ['policy', 'accommodation'] as const;
export type ProfileKind = (typeof PROFILE_KINDS)[number];
export const PROFILE_TABS = ['settings', 'edit', 'versions'] as const;
export type ProfileTab = (typeof PROFILE_TABS)[number];

/** Filter of people; empty: any. */
export const PERSON_STATES = ['', 'enabled', 'disabled'] as const;
export type PersonState = (typeof PERSON_STATES)[number];

/** Pages of the administration area; the URL hash names them with their filters, so that all can be bookmarked. */
export type Route =
  | { readonly page: 'overview' }
  | { readonly page: 'exams'; readonly when: ShownPeriod; readonly q: string }
  /** `from`: the exam to clone. */
  | { readonly page: 'newExam'; readonly from: string | undefined }
  | { readonly page: 'exam'; readonly exam: string; readonly tab: ExamTab }
  /** `organisation`: id, for admins. */
  | {
      readonly page: 'people';
      readonly q: string;
      readonly role: Role | '';
      readonly organisation: string;
      readonly state: PersonState;
    }
  | { readonly page: 'newPerson' }
  | { readonly page: 'person'; readonly person: string }
  /** `exam`: of rows that name none. */
  | { readonly page: 'import'; readonly kind: ImportKind; readonly exam: string | undefined }
  | { readonly page: 'audit'; readonly filter: AuditFilter }
  /** Of the audit log. */
  | { readonly page: 'verification' }
  | { readonly page: 'system' }
  | { readonly page: 'profiles'; readonly kind: ProfileKind; readonly archived: boolean }
  /** `from`: the profile to copy. */
  | { readonly page: 'newProfile'; readonly kind: ProfileKind; readonly from: string | undefined }
  | { readonly page: 'profile'; readonly kind: ProfileKind; readonly profile: string; readonly tab: ProfileTab }
  /** Admins only. */
  | { readonly page: 'organisations' }
  /** An address without a page. */
  | { readonly page: 'unknown' };

const ID = new RegExp(`^${UUID}$`, 'i');
const idOf = (text: string | null | undefined) => (text && ID.test(text) ? text : undefined);

const oneOf = <T extends string>(values: readonly T[], text: string | null | undefined): T | undefined =>
  values.find((value) => value === text);

/** Pure: no hash is the overview. */
export function parseRoute(hash: string): Route {
  const [path = '', query] = hash.replace(/^#?\/?/, '').split('?');
  const [first, second, third, fourth] = path.split('/');
  const params = new URLSearchParams(query);
  if (first === 'exams' && second === 'new') return { page: 'newExam', from: idOf(params.get('from')) };
  if (first === 'exams')
    return { page: 'exams', when: oneOf(PERIODS, params.get('when')) ?? 'today', q: params.get('q') ?? '' };
  const id = idOf(second);
  if (first === 'exam' && id) return { page: 'exam', exam: id, tab: oneOf(EXAM_TABS, third) ?? 'overview' };
  if (first === 'people' && second === 'new') return { page: 'newPerson' };
  if (first === 'people')
    return {
      page: 'people',
      q: params.get('q') ?? '',
      role: oneOf(ROLES, params.get('role')) ?? '',
      organisation: idOf(params.get('organisation')) ?? '',
      state: oneOf(PERSON_STATES, params.get('state')) ?? '',
    };
  if (first === 'person' && id) return { page: 'person', person: id };
  if (first === 'import')
    return { page: 'import', kind: oneOf(IMPORT_KINDS, second) ?? 'people', exam: idOf(params.get('exam')) };
  if (first === 'audit' && second === 'verification') return { page: 'verification' };
  if (first === 'system') return { page: 'system' };
  if (first === 'audit') return { page: 'audit', filter: parseAuditFilter(params) };
  const kind = oneOf(PROFILE_KINDS, second) ?? 'policy';
  if (first === 'profiles' && third === 'new') return { page: 'newProfile', kind, from: idOf(params.get('from')) };
  if (first === 'profiles') return { page: 'profiles', kind, archived: params.get('archived') === 'yes' };
  const profile = idOf(third);
  if (first === 'profile' && profile)
    return { page: 'profile', kind, profile, tab: oneOf(PROFILE_TABS, fourth) ?? 'settings' };
  if (first === 'organisations') return { page: 'organisations' };
  return { page: first ? 'unknown' : 'overview' };
}

const withQuery = (path: string, params: Readonly<Record<string, string | undefined>>): string => {
  const query = new URLSearchParams(Object.entries(params).flatMap(([name, value]) => (value ? [[name, value]] : [])));
  return query.size > 0 ? `${path}?${query.toString()}` : path;
};

/** Pure: the `href` of a page. */
export function hrefOf(route: Route): string {
  switch (route.page) {
    case 'overview':
    case 'unknown':
      return '#/';
    case 'exams':
      return withQuery('#/exams', { when: route.when === 'today' ? undefined : route.when, q: route.q });
    case 'newExam':
      return withQuery('#/exams/new', { from: route.from });
    case 'people':
      return withQuery('#/people', {
        q: route.q,
        role: route.role,
        organisation: route.organisation,
        state: route.state,
      });
    case 'newPerson':
      return '#/people/new';
    case 'person':
      return `#/person/${route.person}`;
    case 'import':
      return withQuery(`#/import/${route.kind}`, { exam: route.exam });
    case 'verification':
      return '#/audit/verification';
    case 'system':
      return '#/system';
    case 'audit':
      return withQuery('#/audit', { ...route.filter });
    case 'profiles':
      return withQuery(`#/profiles/${route.kind}`, { archived: route.archived ? 'yes' : undefined });
    case 'newProfile':
      return withQuery(`#/profiles/${route.kind}/new`, { from: route.from });
    case 'profile':
      return `#/profile/${route.kind}/${route.profile}${route.tab === 'settings' ? '' : `/${route.tab}`}`;
    case 'organisations':
      return '#/organisations';
    case 'exam':
      return `#/exam/${route.exam}${route.tab === 'overview' ? '' : `/${route.tab}`}`;
  }
}

export const EXAMS: Route = { page: 'exams', when: 'today', q: '' };
export const IMPORT: Route = { page: 'import', kind: 'people', exam: undefined };
export const PROFILES: Route = { page: 'profiles', kind: 'policy', archived: false };
export const AUDIT: Route = { page: 'audit', filter: NO_AUDIT_FILTER };
export const PEOPLE = { page: 'people', q: '', role: '', organisation: '', state: '' } as const satisfies Route;
