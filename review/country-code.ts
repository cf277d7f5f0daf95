import { countryNamed, sameName } from "../domain/place-names";
import { type Country } from "../api";

/** The ISO code of a country in any spelling, as far as it is known: the word itself where it cannot. */
export function countryCode(word: string, known: Country[] = []): string {
  const found = countryNamed(known, word);
  if (found) return found.code;
  if (/^[a-z]{2}$/i.test(word.trim())) return word.trim().toUpperCase();
  return codes().find(({ name }) => sameName(name, word))?.code ?? word;
}

let all: { code: string; name: string }[] | undefined;

/** English names of countries. A code that was replaced by another, such as DD, is left out. */
function codes(): { code: string; name: string }[] {
  if (all) return all;
  const names = new Intl.DisplayNames("en", { type: "region", fallback: "none" });
  const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
  const pairs = letters.flatMap((first) => letters.map((second) => first + second));
  all = pairs.flatMap((code) => {
    const name = names.of(code);
    return name !== undefined && new Intl.Locale(`und-${code}`).region === code ? [{ code, name }] : [];
  });
  return all;
}
