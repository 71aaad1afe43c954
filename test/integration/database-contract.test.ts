import { afterAll, beforeAll, describe } from 'vitest';
import { migrate } from '../../db/migrate.ts';
import { type OpenDatabase, openDatabase } from '../../db/open.ts';
import { accounts } from './database-contract/accounts.ts';
import { analysis } from './database-contract/analysis.ts';
import { auditSearch } from './database-contract/audit-search.ts';
import { audit } from './database-contract/audit.ts';
import { enrolments } from './database-contract/enrolments.ts';
import { events } from './database-contract/events.ts';
import { evidence } from './database-contract/evidence.ts';
import { exams } from './database-contract/exams.ts';
import { logins } from './database-contract/logins.ts';
import { reviewWork } from './database-contract/review-work.ts';
import { reviews } from './database-contract/reviews.ts';
import { sessionFilters } from './database-contract/session-filters.ts';
import { sessions } from './database-contract/sessions.ts';
import { storage } from './database-contract/storage.ts';
import { visibility } from './database-contract/visibility.ts';
import { values } from './database-contract/values.ts';
import { createDatabase, KINDS, type TestDatabase } from '../support/databases.ts';

/** What db/ promises, whichever database is behind it. */
for (const { kind, available, title } of KINDS) {
  describe.runIf(available)(title, () => {
    let at: TestDatabase;
    let opened: OpenDatabase;
    beforeAll(async () => {
      at = await createDatabase(kind);
      opened = await openDatabase(at);
      await migrate(opened.db);
    });
    afterAll(async () => {
      await opened?.close();
      await at?.remove();
    });
    const db = () => opened.db;
    describe('schema and transactions', () => values(db));
    describe('users, tickets', () => accounts(db));
    describe('refresh tokens', () => logins(db));
    describe('exams', () => exams(db));
    describe('enrolments', () => enrolments(db));
    describe('sessions', () => sessions(db));
    describe('rights of staff', () => visibility(db));
    describe('events', () => events(db));
    describe('analysis by the minute', () => analysis(db));
    describe('reviews, verdicts, rescores', () => reviews(db));
    describe('evidence', () => evidence(db));
    describe('audit log', () => audit(db));
    describe('search of the audit log', () => auditSearch(db));
    describe('storage and expected sessions', () => storage(db));
    describe('work of reviewers', () => reviewWork(db));
    describe('filters of sessions', () => sessionFilters(db));
  });
}
