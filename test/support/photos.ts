import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sharedFolder } from './requirements.ts';

/**
 * Photos beside the project whose names begin with the prefix, by name: JPEG, 640x480. @throws Error if there are none
 */
export function photos(prefix: string): Buffer[] {
  const folder = join(sharedFolder!, 'frames');
  return readdirSync(folder)
    .filter((name) => name.startsWith(prefix))
    .sort()
    .map((name) => readFileSync(join(folder, name)));
}
