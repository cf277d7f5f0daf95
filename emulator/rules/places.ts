/** "new-york": a word for a place that its users write. Read by the vendor's wallet tools (M), of no form that is known. */
export function codeOf(name: string): string {
  const plain = name.normalize("NFD").replace(/\p{Mn}/gu, "");
  return plain.toLowerCase().replace(/[^a-z0-9]+/g, "-");
}
