/*
 * The stemmer of Porter (1980) with the departures that NLTK's has, since that is the one which rouge_score uses: words of up to two letters
 * stay, `ies` and `ied` in short words, y only after a consonant, `alli`, `fulli`, `logi`, `bli`, and a few irregular words.
 */

type Rule = readonly [ending: string, replacement: string];

const IRREGULAR: ReadonlyMap<string, string> = /* @__PURE__ */ new Map([
  ...['sky', 'news', 'inning', 'outing', 'canning', 'howe', 'proceed', 'exceed', 'succeed'].map(
    (word) => [word, word] as const,
  ),
  ['skies', 'sky'],
  ['dying', 'die'],
  ['lying', 'lie'],
  ['tying', 'tie'],
  ['innings', 'inning'],
  ['outings', 'outing'],
  ['cannings', 'canning'],
]);

const STEP_2 = /* @__PURE__ */ rulesOf(
  'ational:ate tional:tion enci:ence anci:ance izer:ize bli:ble alli:al entli:ent eli:e ousli:ous ization:ize ation:ate ator:ate ' +
    'alism:al iveness:ive fulness:ful ousness:ous aliti:al iviti:ive biliti:ble fulli:ful',
);
const STEP_3 = /* @__PURE__ */ rulesOf('icate:ic ative: alize:al iciti:ic ical:ic ful: ness:');
const STEP_4 = /* @__PURE__ */ rulesOf(
  'al: ance: ence: er: ic: able: ible: ant: ement: ment: ent: ion: ou: ism: ate: iti: ous: ive: ize:',
);

function rulesOf(rules: string): readonly Rule[] {
  return rules.split(' ').map((rule): Rule => {
    const [ending = '', replacement = ''] = rule.split(':');
    return [ending, replacement];
  });
}

/** The stem of an English word in lower case. */
export function porterStem(word: string): string {
  const irregular = IRREGULAR.get(word);
  if (irregular !== undefined) return irregular;
  if (word.length <= 2) return word;
  return lastE(step4(replaceEnding(step2(finalY(pastAndGerund(plural(word)))), STEP_3)));
}

function plural(word: string): string {
  if (word.endsWith('ies')) return word.length === 4 ? word.slice(0, -1) : word.slice(0, -2);
  if (word.endsWith('sses')) return word.slice(0, -2);
  return word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word;
}

function pastAndGerund(word: string): string {
  if (word.endsWith('ied')) return word.length === 4 ? word.slice(0, -1) : word.slice(0, -2);
  if (word.endsWith('eed')) return measure(word.slice(0, -3)) > 0 ? word.slice(0, -1) : word;
  const ending = ['ed', 'ing'].find(
    (ending) => word.endsWith(ending) && hasVowel(word.slice(0, -ending.length)),
  );
  return ending === undefined ? word : mendEnding(word.slice(0, -ending.length));
}

/** After -ed and -ing: hop(p)ing, fil(e)ing. */
function mendEnding(stem: string): string {
  if (/(?:at|bl|iz)$/.test(stem)) return `${stem}e`;
  if (/(.)\1$/.test(stem) && shapeOf(stem).endsWith('c'))
    return /[lsz]$/.test(stem) ? stem : stem.slice(0, -1);
  return measure(stem) === 1 && endsShort(stem) ? `${stem}e` : stem;
}

function finalY(word: string): string {
  const stem = word.slice(0, -1);
  return word.endsWith('y') && stem.length > 1 && shapeOf(stem).endsWith('c') ? `${stem}i` : word;
}

function step2(word: string): string {
  if (word.endsWith('alli') && measure(word.slice(0, -4)) > 0) return step2(word.slice(0, -2));
  if (word.endsWith('logi')) return measure(word.slice(0, -3)) > 0 ? word.slice(0, -1) : word;
  return replaceEnding(word, STEP_2);
}

/** The first ending that fits decides, also where what is before it is too short. */
function replaceEnding(word: string, rules: readonly Rule[]): string {
  const rule = rules.find(([ending]) => word.endsWith(ending));
  if (rule === undefined) return word;
  const stem = word.slice(0, -rule[0].length);
  return measure(stem) > 0 ? stem + rule[1] : word;
}

function step4(word: string): string {
  const ending = STEP_4.find(([ending]) => word.endsWith(ending))?.[0];
  if (ending === undefined) return word;
  const stem = word.slice(0, -ending.length);
  return measure(stem) > 1 && (ending !== 'ion' || /[st]$/.test(stem)) ? stem : word;
}

function lastE(word: string): string {
  const stem = word.slice(0, -1);
  const drops = word.endsWith('e') && (measure(stem) > 1 || (measure(stem) === 1 && !endsShort(stem)));
  const rest = drops ? stem : word;
  return rest.endsWith('ll') && measure(rest.slice(0, -1)) > 1 ? rest.slice(0, -1) : rest;
}

/** Consonants as c, vowels as v; y is a vowel after a consonant. */
function shapeOf(word: string): string {
  let shape = '';
  for (const letter of word) {
    const isVowel = 'aeiou'.includes(letter) || (letter === 'y' && shape.endsWith('c'));
    shape += isVowel ? 'v' : 'c';
  }
  return shape;
}

/** How often consonants follow vowels. */
function measure(stem: string): number {
  return shapeOf(stem).match(/vc/g)?.length ?? 0;
}

function hasVowel(stem: string): boolean {
  return shapeOf(stem).includes('v');
}

/** Consonant, vowel, consonant other than w, x, y; or a vowel and a consonant alone. */
function endsShort(stem: string): boolean {
  const shape = shapeOf(stem);
  return shape === 'vc' || (shape.endsWith('cvc') && !/[wxy]$/.test(stem));
}
