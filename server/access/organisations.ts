import { uuidv7 } from 'uuidv7';
import { appendAudit } from '../../db/audit/append.ts';
import type { Db } from '../../db/executor.ts';
import { insertOrganisation, type OrganisationRow, renameOrganisation } from '../../db/organisations.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import type { Organisation, OrganisationBody } from '../../protocol/http/organisations.ts';
import type { Clock } from '../clock.ts';

interface OrganisationParts {
  readonly db: Db;
  readonly clock: Clock;
}

interface Author {
  readonly userId: string;
}

export const organisationView = ({ id, name, created_at }: OrganisationRow): Organisation => ({
  id,
  name,
  createdAt: created_at.toISOString(),
});

export function createOrganisation(
  { db, clock }: OrganisationParts,
  by: Author,
  { name }: OrganisationBody,
): Promise<OrganisationRow> {
  const row = { id: uuidv7(), name, created_at: new Date(clock()) };
  return db.transaction().execute(async (tx) => {
    await insertOrganisation(tx, row);
    await appendAudit(tx, { type: 'ORGANISATION_CREATED', entityId: row.id, actor: by.userId, at: row.created_at });
    return row;
  });
}

/** @throws ProtocolError `not_found` */
export function changeOrganisation(
  { db, clock }: OrganisationParts,
  by: Author,
  id: string,
  { name }: OrganisationBody,
): Promise<OrganisationRow> {
  return db.transaction().execute(async (tx) => {
    const row = await renameOrganisation(tx, id, name);
    if (!row) throw new ProtocolError('not_found', 'organisation not found');
    await appendAudit(tx, { type: 'ORGANISATION_RENAMED', entityId: id, actor: by.userId, at: new Date(clock()) });
    return row;
  });
}
