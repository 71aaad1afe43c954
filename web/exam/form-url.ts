/**
 * Pure: URL of the exam form from the page's own address, for example `/exam?form=/forms/algebra.html`.
 * @returns undefined unless it is a path of the same origin: students trust framed content as part of this page
 */
export function formUrl(address: string): string | undefined {
  const page = new URL(address);
  const form = page.searchParams.get('form');
  if (!form?.startsWith('/') || !URL.canParse(form, page.origin)) return undefined;
  const url = new URL(form, page.origin);
  return url.origin === page.origin ? url.href : undefined;
}

/** Pure: whether the address says that the questions are elsewhere, `/exam?form=none`. */
export const hasNoForm = (address: string): boolean => new URL(address).searchParams.get('form') === 'none';
