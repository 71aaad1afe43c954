import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sharedFolder } from './requirements.ts';

/** The photos beside the project whose names begin so, by name: JPEG, 640x480. @throws Error without them */
export function photos(prefix: string): Buffer[] {
  const folder = join(sharedFolder!, 'frames');
  return readdirSync(folder)
    .filter((name) => name.startsWith(prefix))
    .sort()
    .map((name) => readFileSync(join(folder, name)));
}
