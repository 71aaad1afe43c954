import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { DatabaseUnavailableError, isUnavailable } from '../unavailable.ts';
import { canPass, describeFault, endedBy } from './connection-fault.ts';

function failed(code: string, severity = 'ERROR'): pg.DatabaseError {
  const error = new pg.DatabaseError(`failed with ${code}`, 0, 'error');
  error.code = code;
  error.severity = severity;
  return error;
}

describe('after an error of a query', () => {
  test.each(['08000', '08003', '08006', '08001', '08004', '08P01', '57P01', '57P02', '57P03', '57P04', '57P05'])(
    '%s ends its connection, and not those beside it',
    (code) => {
      expect(endedBy(failed(code))).toBe('connection');
    },
  );

  test.each(['25P03', '25P04'])('%s, the timeout of a session, ends its connection', (code) => {
    expect(endedBy(failed(code))).toBe('connection');
  });

  test('25006, a server that takes no writes, ends every connection to it', () => {
    expect(endedBy(failed('25006'))).toBe('server');
  });

  test('a query without an answer ends every connection to its server', () => {
    expect(endedBy(new Error('Query read timeout'))).toBe('server');
  });

  test.each(['FATAL', 'PANIC'])('severity %s ends the connection, whatever the code', (severity) => {
    expect(endedBy(failed('XX000', severity))).toBe('connection');
  });

  test.each(['23505', '40001', '40P01', '42P01', '22P02', '53300', '53100', '57014', '25P02'])(
    '%s leaves the connection open: its statement failed',
    (code) => {
      expect(endedBy(failed(code))).toBeUndefined();
    },
  );

  test('network errors end the connection; values that cannot be sent do not', () => {
    expect(endedBy(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }))).toBe('connection');
    expect(endedBy(new Error('Connection terminated unexpectedly'))).toBe('connection');
    expect(endedBy(new RangeError('Invalid time value'))).toBeUndefined();
  });
});

describe('a start', () => {
  test.each(['08006', '53300', '53200', '57P01', '57P02', '57P03'])('waits after %s', (code) => {
    expect(canPass(failed(code, 'FATAL'))).toBe(true);
  });

  test.each(['ECONNREFUSED', 'ETIMEDOUT', 'EAI_AGAIN', 'ENOTFOUND'])('waits after %s', (code) => {
    expect(canPass(Object.assign(new Error(code), { code }))).toBe(true);
  });

  test.each([
    ['28P01', 'a wrong password'],
    ['28000', 'a wrong user, or no entry in pg_hba.conf'],
    ['3D000', 'a database that does not exist'],
    ['42501', 'a missing right'],
  ])('ends after %s, %s', (code) => {
    expect(canPass(failed(code, 'FATAL'))).toBe(false);
  });

  test.each([
    'SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string',
    'SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a non-empty string',
    'SASL: Only mechanism(s) SCRAM-SHA-256 are supported',
  ])('ends after a login that cannot succeed: %s', (message) => {
    expect(canPass(new Error(message))).toBe(false);
  });

  test('without a password names the settings', () => {
    expect(describeFault(new Error('SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string'))).toContain(
      'DATABASE_PASSWORD',
    );
  });

  test.each(['ERR_TLS_CERT_ALTNAME_INVALID', 'SELF_SIGNED_CERT_IN_CHAIN', 'CERT_HAS_EXPIRED'])(
    'ends after %s',
    (code) => {
      expect(canPass(Object.assign(new Error(code), { code }))).toBe(false);
    },
  );
});

describe('a request', () => {
  test('answers 503 when the server is out of connections, disk or memory, or cannot be reached', () => {
    for (const code of ['53300', '53100', '53200']) expect(isUnavailable(failed(code))).toBe(true);
    expect(isUnavailable(new DatabaseUnavailableError(failed('28P01')))).toBe(true);
    for (const code of ['23505', '40002']) expect(isUnavailable(failed(code))).toBe(false);
  });

  test.each([
    ['57014', 'a timeout of the role, or an administrator'],
    ['55P03', 'a lock that was not granted in time'],
    ['40001', 'a serialisation failure'],
    ['40P01', 'a deadlock'],
  ])('answers 503 after %s, %s', (code) => {
    expect(isUnavailable(failed(code))).toBe(true);
  });
});
