/**
 * The address of the exam itself, from the page's own: `/exam?form=/forms/algebra.html`. Pure.
 * @returns undefined unless it is a path of this very origin: the page vouches for what it frames
 */
export function formUrl(address: string): string | undefined {
  const page = new URL(address);
  const form = page.searchParams.get('form');
  if (!form?.startsWith('/') || !URL.canParse(form, page.origin)) return undefined;
  const url = new URL(form, page.origin);
  return url.origin === page.origin ? url.href : undefined;
}
