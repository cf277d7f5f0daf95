/**
 * What a reader does not see, or what moves a terminal's cursor: control and C1 characters, those that turn the
 * direction of a text, take no room or tag others, ends of lines and paragraphs, and halves of a character.
 */
export const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

/** A run of the unseen and of blanks. */
export const GAPS = new RegExp(`[\\s\\p{Z}${UNSEEN.source.slice(1, -1)}]+`, "gu");

/** The unseen in a text of several lines, where line ends and tabs have their use. */
export const UNSEEN_IN_LINES = new RegExp(`(?:(?![\\n\\t])${UNSEEN.source})+`, "gu");
