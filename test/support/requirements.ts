import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Requirements of some tests that a fresh clone does not meet. Without them the tests are skipped, with the reason in
 * their titles; if `INVIGIL_TEST_REQUIRE` lists one (`postgres,nats,shared,chromium,firefox,webkit,display`), its absence is a failure.
 */
const required = new Set((process.env['INVIGIL_TEST_REQUIRE'] ?? '').split(',').filter(Boolean));

function optional<T>(name: string, value: T | undefined): T | undefined {
  if (value === undefined && required.has(name))
    throw new Error(`INVIGIL_TEST_REQUIRE lists ${name}, which is not available`);
  return value;
}

/** A PostgreSQL server where databases can be created. */
export const postgresUrl = optional('postgres', process.env['TEST_DATABASE_URL'] || undefined);

/** Folder of the newest installed PostgreSQL server programs, in Debian's layout. */
function findPrograms(): string | undefined {
  const all = '/usr/lib/postgresql';
  const versions = existsSync(all) ? readdirSync(all).toSorted((a, b) => Number(b) - Number(a)) : [];
  return versions.map((version) => join(all, version, 'bin')).find((folder) => existsSync(join(folder, 'initdb')));
}

/** For tests that stop, freeze or fill a server of their own. */
export const postgresPrograms = optional('postgres', findPrograms());

const NATS = ['/usr/sbin/nats-server', '/usr/local/bin/nats-server'];

/** The bus of several servers, as Debian installs it. */
export const natsProgram = optional('nats', NATS.find(existsSync));

const CHROMIUM = '/usr/bin/chromium';

/** Path of a browser. */
export const chromiumPath = optional('chromium', existsSync(CHROMIUM) ? CHROMIUM : undefined);

const HEADLESS = '/usr/bin/chromium-headless-shell';

/**
 * Path of a browser for tests without a window. Playwright's choice for these, too: the same engine without the
 * desktop browser around it, which takes two thirds of Chromium's processor time.
 */
export const headlessPath = existsSync(HEADLESS) ? HEADLESS : chromiumPath;

const FIREFOX = ['/usr/bin/firefox-esr', '/usr/bin/firefox'];

export const firefoxPath = optional('firefox', FIREFOX.find(existsSync));

/** WebKitGTK's driver and small browser, in Debian's layout. */
function findWebKit(): { readonly driver: string; readonly browser: string } | undefined {
  const driver = '/usr/bin/WebKitWebDriver';
  const all = '/usr/lib/x86_64-linux-gnu';
  if (!existsSync(driver)) return undefined;
  const folders = readdirSync(all).filter((name) => name.startsWith('webkit'));
  const browser = folders.map((name) => join(all, name, 'MiniBrowser')).find(existsSync);
  return browser === undefined ? undefined : { driver, browser };
}

export const webkit = optional('webkit', findWebKit());

const DISPLAY_PROGRAMS = ['Xvfb', 'openbox', 'xdotool', 'xprop'];

/** Programs for a screen with real windows. */
export const hasDisplay =
  optional('display', DISPLAY_PROGRAMS.every((name) => existsSync(join('/usr/bin', name))) || undefined) === true;

const shared = fileURLToPath(new URL('../../../shared', import.meta.url));

/** CI asks for the photos: pictures are analysed at full size there. */
export const sharedRequired = required.has('shared');

/** Folder of material beside the project: photos, public weights, test vectors. */
export const sharedFolder = optional('shared', existsSync(shared) ? shared : undefined);
