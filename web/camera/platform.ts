/** Browser and system, as far as the help texts differ. */
export interface Platform {
  readonly browser: 'chromium' | 'firefox' | 'safari' | 'other';
  readonly system: 'windows' | 'macos' | 'chromeos' | 'linux' | 'android' | 'ios' | 'other';
}

/** Pure. Only help texts depend on it: a browser with a false user agent merely gets less fitting ones. */
export function readPlatform(userAgent: string): Platform {
  return { browser: browserOf(userAgent), system: systemOf(userAgent) };
}

function browserOf(userAgent: string): Platform['browser'] {
  if (/Firefox|FxiOS/.test(userAgent)) return 'firefox';
  if (/Chrome|Chromium|CriOS|Edg/.test(userAgent)) return 'chromium';
  return /Safari/.test(userAgent) ? 'safari' : 'other';
}

function systemOf(userAgent: string): Platform['system'] {
  if (/iPhone|iPad|iPod/.test(userAgent)) return 'ios';
  if (/Android/.test(userAgent)) return 'android';
  if (/CrOS/.test(userAgent)) return 'chromeos';
  if (/Windows/.test(userAgent)) return 'windows';
  if (/Macintosh/.test(userAgent)) return 'macos';
  return /Linux/.test(userAgent) ? 'linux' : 'other';
}
