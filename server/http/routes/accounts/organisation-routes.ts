import type { Db } from '../../../../db/executor.ts';
import { listOrganisations } from '../../../../db/organisations.ts';
import { PageQuery, PathId } from '../../../../protocol/http/lists.ts';
import { Organisation, OrganisationBody, OrganisationPage } from '../../../../protocol/http/organisations.ts';
import { changeOrganisation, createOrganisation, organisationView } from '../../../access/organisations.ts';
import type { Clock } from '../../../clock.ts';
import { pageOf } from '../../lists/page.ts';
import { adminRoute, type Route } from '../../pipeline/route.ts';

export interface OrganisationRouteParts {
  readonly db: Db;
  readonly clock: Clock;
}

/** Organisations. Every installation has one; with a second one, each sees its own exams and people only. */
export const organisationRoutes = (parts: OrganisationRouteParts): Route[] => [
  adminRoute({
    method: 'GET',
    path: '/api/organisations',
    tag: 'Accounts',
    summary: 'Lists organisations',
    description: 'Newest first.',
    answer: OrganisationPage,
    query: PageQuery,
    handle: async ({ query }) => pageOf(await listOrganisations(parts.db, query), query.limit, organisationView),
  }),
  adminRoute({
    method: 'POST',
    path: '/api/organisations',
    tag: 'Accounts',
    summary: 'Creates an organisation',
    answer: Organisation,
    status: 201,
    body: OrganisationBody,
    handle: async ({ body, who }) => organisationView(await createOrganisation(parts, who, body)),
  }),
  adminRoute({
    method: 'PATCH',
    path: '/api/organisations/:id',
    tag: 'Accounts',
    summary: 'Renames an organisation',
    answer: Organisation,
    params: PathId,
    body: OrganisationBody,
    handle: async ({ params, body, who }) => organisationView(await changeOrganisation(parts, who, params.id, body)),
  }),
];
