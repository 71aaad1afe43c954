import { newPassword } from '../../simulator/server/own-server.ts';

/** ProctorBE's API, used on both sides of the comparison. */

export interface Credentials {
  readonly email: string;
  readonly password: string;
  /** The account already exists. */
  readonly exists: boolean;
}

async function call<T>(url: string, path: string, token: string | undefined, init: RequestInit = {}): Promise<T> {
  const headers = {
    accept: 'application/json',
    ...(init.headers as Record<string, string>),
    ...(token && { authorization: `Bearer ${token}` }),
  };
  const response = await fetch(url + path, { ...init, headers });
  if (!response.ok)
    throw new Error(`${init.method ?? 'GET'} ${path} returned ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}

async function signIn(
  url: string,
  { email, password, exists }: Credentials,
  role: 'student' | 'admin',
): Promise<string> {
  if (!exists)
    await call(url, '/auth/register', undefined, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password, role }),
    });
  const { access_token: token } = await call<{ access_token: string }>(url, '/auth/login', undefined, {
    method: 'POST',
    body: new URLSearchParams({ username: email, password }),
  });
  return token;
}

/** @returns an admin's token */
export const makeAdmin = (url: string, credentials: Credentials): Promise<string> => signIn(url, credentials, 'admin');

/** Creates exams until this many are listed. @returns the id of the last one */
export async function makeExams(url: string, admin: string, count: number): Promise<string | number> {
  const title = (n: number) =>
    new URLSearchParams({ title: `Exam ${n}`, start_time: '2020-01-01T00:00:00', end_time: '2100-01-01T00:00:00' });
  for (;;) {
    const exams = await call<{ id: string | number }[]>(url, '/exams/', undefined);
    const last = exams.at(-1);
    if (last && exams.length >= count) return last.id;
    await call(url, `/exams/?${title(exams.length + 1).toString()}`, admin, { method: 'POST' });
  }
}

/** Registers a student and starts a session. @returns their token and the session's id */
export async function makeSession(
  url: string,
  exam: string | number,
): Promise<{ readonly token: string; readonly session: string | number }> {
  const token = await signIn(
    url,
    { email: `student-${newPassword().toLowerCase()}@example.org`, password: newPassword(), exists: false },
    'student',
  );
  const { id } = await call<{ id: string | number }>(url, `/sessions/start?exam_id=${exam}`, token, { method: 'POST' });
  return { token, session: id };
}
