interface Page {
  readonly document?: { readonly documentElement: { readonly lang: string } };
  readonly navigator?: { readonly languages?: readonly string[] };
}

const { document, navigator } = globalThis as Page;

/** Language of the page: `<html lang>`, read once. English where there is no document. */
export const language: string = document?.documentElement.lang || 'en';

/** For `Intl`: the reader's region of that language, for example `en-GB`, so that dates look familiar. */
export const locale: string = navigator?.languages?.find((tag) => tag.split('-')[0] === language) ?? language;
