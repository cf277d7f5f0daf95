/** Words that puzzled readers of this project, each with what a reader understands at once. */
export const WORDS = [
  [/\b(?:tells?|told|telling)\b/gi, "report, return, show or say"],
  [/\blook-ups?\b/gi, "function, call or read"],
  [/\b(?:a|each|every|first|next|last|one|another|second) look\b(?! at what)/gi, "poll or read"],
  [/\bheld against\b/gi, "checked against"],
  [/(?:""|\b0) is none\b/g, "means none"],
  [/\brepeated blindly\b/gi, "retried blindly"],
  [/\bmade (?:again|anew)\b/gi, "repeated or created again"],
  [/\bwhat asked for\b/gi, "trigger"],
  [/\b(?:be|been) had\b/gi, "read, or available"],
  [/\bin all\b(?=[.,;:)"`\n]| before\b)/gi, "in total"],
  [/\bthose that there are\b/gi, "the existing ones"],
  [/\bmend(?:s|ed|ing)?\b/gi, "fix or correct"],
  [/\bgives? way\b/gi, "is exceeded"],
  [/\bof one mind\b/gi, "differs or agrees"],
  [/\bdid not live\b/gi, "was killed"],
  [/\bcrypto currenc(?:y|ies)\b/gi, "cryptocurrency"],
  [/\b(?:obviously|simply|utili[sz]e|leverage|in order to)\b/gi, "less"],
  [/\b([a-z]+) \1\b/g, "it once"],
];

/** Words that a sentence of a page has at most: one idea needs no more. */
export const LONGEST_SENTENCE = 35;
