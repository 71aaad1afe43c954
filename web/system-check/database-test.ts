/** Of its own: the exam's stays untouched. */
const DATABASE = 'invigil-check';
const STORE = 'check';
const TIMEOUT_MS = 5000;
const DELETE_MS = 1000;

const answered = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error());
  });

/** Writes a value to a real database, reads it back and deletes the database. Never rejects. */
export async function testDatabase(): Promise<'works' | 'blocked' | 'silent'> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<'silent'>((resolve) => (timer = setTimeout(() => resolve('silent'), TIMEOUT_MS)));
  try {
    return await Promise.race([writeAndRead(), silence]);
  } catch {
    return 'blocked';
  } finally {
    clearTimeout(timer);
  }
}

/** @throws the browser's error; reading the property alone throws where site data is blocked */
async function writeAndRead(): Promise<'works' | 'blocked'> {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
  const database = await answered(opening);
  const written = Math.random();
  const store = () => database.transaction(STORE, 'readwrite').objectStore(STORE);
  try {
    await answered(store().put(written, STORE));
    return (await answered(store().get(STORE))) === written ? 'works' : 'blocked';
  } finally {
    database.close();
    // Another tab with this page delays it.
    await Promise.race([
      answered(indexedDB.deleteDatabase(DATABASE)).catch(() => {}),
      new Promise((resolve) => setTimeout(resolve, DELETE_MS)),
    ]);
  }
}
