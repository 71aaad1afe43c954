import { expect, test } from 'vitest';
import { evaluationWarning } from './real-exam.ts';

test('the warning about defaults for evaluation names the settings that are missing and no other', () => {
  const databaseUrl = 'postgres://invigil@database/invigil';
  expect(evaluationWarning({ production: true, databaseUrl })).toBeUndefined();
  expect(evaluationWarning({ production: false, databaseUrl })).toMatch(/set NODE_ENV=production$/);
  expect(evaluationWarning({ production: true, databaseUrl: undefined })).toMatch(/set DATABASE_URL \(.*\)$/);
  expect(evaluationWarning({ production: false, databaseUrl: undefined })).toMatch(/DATABASE_URL .* and NODE_ENV=/);
});
