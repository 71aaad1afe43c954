import { lstatSync, readlinkSync, type Stats } from 'node:fs';
import { dirname, join, parse, resolve, sep } from 'node:path';

const STICKY = 0o1000;
const GROUP_WRITE = 0o020;
const OTHER_WRITE = 0o002;
/** As many symbolic links as Linux follows in one path. */
const MOST_LINKS = 40;

/**
 * Every folder in which a name stands that leads to `path`, and every symbolic link on the way. The path itself need
 * not be there.
 */
function way(path: string): { readonly folders: Set<string>; readonly links: Set<string> } {
  const folders = new Set<string>();
  const links = new Set<string>();
  const { root } = parse(resolve(path));
  let at = root;
  let rest = resolve(path).slice(root.length).split(sep).filter(Boolean);
  for (let name = rest.shift(); name !== undefined; name = rest.shift()) {
    folders.add(at);
    const next = join(at, name);
    const stat = lstatSync(next, { throwIfNoEntry: false });
    if (!stat) break;
    if (!stat.isSymbolicLink()) {
      at = next;
      continue;
    }
    links.add(next);
    if (links.size > MOST_LINKS) throw new Error(`${path}: too many symbolic links`);
    const target = resolve(dirname(next), readlinkSync(next));
    rest = [...target.slice(root.length).split(sep).filter(Boolean), ...rest];
    at = root;
  }
  return { folders, links };
}

const isOurs = ({ uid }: Stats, self: number) => uid === self || uid === 0;

function faultOfParent(folder: string, self: number): string | undefined {
  const stat = lstatSync(folder);
  if (!isOurs(stat, self))
    return `${folder}, which leads to it, belongs to user ${stat.uid}, who can put another folder in its place`;
  // In a sticky folder nobody renames what is another's.
  if (stat.mode & STICKY) return undefined;
  if (stat.mode & OTHER_WRITE)
    return `everybody can write in ${folder}, which leads to it, and put another folder in its place: chmod o-w ${folder}`;
  // A group of one's own is how some systems make accounts (umask 002); group 0 is that of containers with any user.
  if (stat.mode & GROUP_WRITE && stat.gid !== process.getgid?.() && stat.gid !== 0)
    return `group ${stat.gid} can write in ${folder}, which leads to it, and put another folder in its place: chmod g-w ${folder}`;
  return undefined;
}

/**
 * Why somebody else could put another folder in the place of this one: of the parents, through every symbolic link.
 * @param self the user of this process
 * @returns a clause that begins with what is at fault; undefined when nobody but this user and root can
 */
export function faultOfWay(path: string, self: number): string | undefined {
  const { folders, links } = way(path);
  for (const link of links) {
    const stat = lstatSync(link);
    if (!isOurs(stat, self)) return `the symbolic link ${link}, which leads to it, belongs to user ${stat.uid}`;
  }
  for (const folder of folders) {
    const fault = faultOfParent(folder, self);
    if (fault !== undefined) return fault;
  }
  return undefined;
}
