/** Order of names as people count: "scraper-2" before "scraper-10". The same wherever it runs. */
export const natural: (a: string, b: string) => number = new Intl.Collator("en", { numeric: true }).compare;
