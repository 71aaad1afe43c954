// Prints the sum of the runner's own counts over its reports. Fails where a run left no report, or none used PostgreSQL.
import { existsSync, readFileSync } from 'node:fs';

const RUNS = 2;
const files = process.argv.slice(2).filter((path) => existsSync(path));
const reports = files.map((path) => JSON.parse(readFileSync(path, 'utf8')));
const sum = (count) => reports.reduce((total, report) => total + count(report), 0);

const tests = reports.flatMap(({ testResults }) => testResults.flatMap(({ assertionResults }) => assertionResults));
if (!tests.some(({ fullName, status }) => fullName.includes('PostgreSQL') && status === 'passed')) {
  process.stdout.write('no test ran on PostgreSQL\n');
  process.exitCode = 1;
}
if (reports.length < RUNS) {
  process.stdout.write(`${RUNS - reports.length} of ${RUNS} runs left no report\n`);
  process.exitCode = 1;
}

/** Files that could not be loaded: none of their tests is counted. */
const unrun = sum(
  ({ testResults }) =>
    testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length,
);
const passed = sum(({ numPassedTests }) => numPassedTests);
const failed = sum(({ numFailedTests }) => numFailedTests) + unrun + Math.max(0, RUNS - reports.length);
const skipped = sum(({ numPendingTests, numTodoTests }) => numPendingTests + (numTodoTests ?? 0));
process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
