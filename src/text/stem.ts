/** Verbs whose past has another stem: so common in chats that "What did I buy?" must find "I bought". */
const IRREGULAR: ReadonlyMap<string, string> = /* @__PURE__ */ pairsOf(
  'ate:eat eaten:eat bought:buy brought:bring broke:break broken:break built:build caught:catch chose:choose chosen:choose ' +
    'drank:drink drove:drive driven:drive fell:fall fallen:fall felt:feel flew:fly flown:fly forgot:forget forgotten:forget ' +
    'fought:fight found:find gave:give given:give grew:grow grown:grow heard:hear held:hold hid:hide hidden:hide kept:keep ' +
    'knew:know known:know left:leave lent:lend lost:lose met:meet paid:pay ran:run rode:ride ridden:ride sang:sing sung:sing ' +
    'sat:sit saw:see seen:see sent:send slept:sleep sold:sell spent:spend spoke:speak spoken:speak stole:steal stolen:steal ' +
    'stood:stand swam:swim taught:teach thought:think threw:throw thrown:throw told:tell took:take taken:take ' +
    'understood:understand woke:wake woken:wake won:win wore:wear worn:wear wrote:write written:write went:go gone:go began:begin ' +
    'begun:begin became:become came:come children:child people:person men:man women:woman feet:foot teeth:tooth mice:mouse ' +
    'lives:life wives:wife knives:knife',
);

function pairsOf(pairs: string): ReadonlyMap<string, string> {
  return new Map(pairs.split(' ').map((pair) => pair.split(':') as [string, string]));
}

const VOWEL = /[aeiouy]/;

/**
 * A light stem of an English word in lower case: plurals, -ed, -ing, -ly and a few endings that make nouns, after steps 1 and 2 of
 * M. F. Porter, "An algorithm for suffix stripping" (1980). Other words, and words with digits, come back as they are.
 */
export function stemOf(word: string): string {
  if (word.length < 3 || !/^[a-z]+$/.test(word)) return word;
  const regular = IRREGULAR.get(word);
  if (regular !== undefined) return withoutFinal(regular);
  return withoutFinal(withoutNounEnding(withoutTense(withoutPlural(word))));
}

function withoutPlural(word: string): string {
  if (!word.endsWith('s') || word.endsWith('ss') || word.endsWith('us') || word.endsWith('is')) return word;
  if (word.endsWith('ies')) return word.length > 4 ? `${word.slice(0, -3)}y` : word.slice(0, -1);
  if (/(?:ss|sh|ch|x|z)es$/.test(word)) return word.slice(0, -2);
  return word.slice(0, -1);
}

function withoutTense(word: string): string {
  if (word.endsWith('ied') && word.length > 4) return `${word.slice(0, -3)}y`;
  const cut = word.endsWith('ing') ? 3 : word.endsWith('ed') ? 2 : 0;
  if (cut === 0) return word;
  const stem = word.slice(0, -cut);
  if (stem.length < 2 || !VOWEL.test(stem) || word.endsWith('eed')) return word;
  return /([^aeiouylsz])\1$/.test(stem) ? stem.slice(0, -1) : stem;
}

const NOUN_ENDINGS: readonly (readonly [ending: string, instead: string])[] = [
  ['ational', 'at'],
  ['ization', 'iz'],
  ['isation', 'iz'],
  ['ation', 'at'],
  ['iveness', 'iv'],
  ['fulness', 'ful'],
  ['ment', ''],
  ['ness', ''],
  ['ally', 'al'],
  ['ly', ''],
];

function withoutNounEnding(word: string): string {
  for (const [ending, instead] of NOUN_ENDINGS) {
    if (word.endsWith(ending) && word.length - ending.length >= 4)
      return word.slice(0, -ending.length) + instead;
  }
  return word;
}

/** A final e goes and a final y after a consonant becomes i, so that `decide` and `deciding`, `try` and `tried` meet. */
function withoutFinal(word: string): string {
  if (word.length > 3 && word.endsWith('e')) return word.slice(0, -1);
  return word.length > 2 && /[^aeiou]y$/.test(word) ? `${word.slice(0, -1)}i` : word;
}
