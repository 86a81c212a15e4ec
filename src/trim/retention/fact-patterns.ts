/*
 * What a fact looks like, in English and Japanese. Every repetition is bounded or can't be entered in two ways, so that matching is linear
 * whatever the text. Texts are in Unicode form NFKC: full-width digits and letters are ordinary ones.
 */

const MONTH = '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(?:[a-z]{1,6})?\\.?';
const DATES = [
  '\\d{4}[-/.]\\d{1,2}[-/.]\\d{1,2}',
  '\\d{1,2}[/.]\\d{1,2}[/.]\\d{2,4}',
  '\\d{1,2}/\\d{1,2}(?!\\d)',
  '\\d{1,2}:\\d{2}(?::\\d{2})?(?: ?[ap]m\\b)?',
  '\\d{1,2} ?[ap]m\\b',
  `\\d{1,2}(?:st|nd|rd|th)? (?:of )?${MONTH}(?:,? \\d{4})?\\b`,
  `\\b${MONTH} \\d{1,4}(?:st|nd|rd|th)?(?:,? \\d{4})?\\b`,
  '\\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\\b',
  '(?:令和|平成|昭和)(?:\\d{1,2}|元)年(?:\\d{1,2}月(?:\\d{1,2}日)?)?',
  '\\d{2,4}年(?:\\d{1,2}月(?:\\d{1,2}日)?)?',
  '\\d{1,2}月(?:\\d{1,2}日)?',
  '\\d{1,2}日(?!間)',
  '(?:午前|午後)?\\d{1,2}時(?!間)(?:\\d{1,2}分|半)?',
  '[月火水木金土日]曜日?',
];
const FILES =
  'ts|tsx|js|jsx|mjs|py|rb|go|rs|java|c|h|cpp|cs|php|sh|sql|md|txt|pdf|csv|tsv|json|ya?ml|toml|xml|html?|css|docx?|xlsx?|pptx?|png|jpe?g|gif|svg|zip|log|env|conf|lock';

/** Things that can be pointed at, each at the first place where it can begin: the order of the groups decides between them. */
export const ATOMS = new RegExp(
  [
    '(?<url>https?://[^\\s<>"\'`()（）「」『』、。]{1,2000}|(?<![\\w.+-])[\\w.+-]{1,64}@[\\w-]{1,63}(?:\\.[\\w-]{1,63}){1,5})',
    `(?<path>(?<![\\w./~])(?:[a-z]:)?(?:~|\\.{1,2})?(?:[/\\\\][\\w.@+-]{1,100}){2,40}|(?<![\\w./])[\\w.@+-]{1,100}(?:/[\\w.@+-]{1,100}){0,40}\\.(?:${FILES})\\b)`,
    `(?<date>(?<![\\w/.-])(?:${DATES.join('|')}))`,
    '(?<token>(?<![a-z0-9_])#?[a-z0-9_]{1,200}(?:[-.,][a-z0-9_]{1,100}){0,20}(?:%|[万億兆千百])?)',
  ].join('|'),
  'giu',
);

/** What every atom has somewhere in it: a text without is not looked through. */
export const ATOM_SIGN = /[\d_@/\\年曜]|\.[a-z]|days?\b/giu;

const WORD = "[A-Z][a-z\\u00c0-\\u024f'’]{1,30}";
const NOT_A_DATE =
  '(?!(?:January|February|March|April|May|June|July|August|September|October|November|December|[A-Z][a-z]{2,5}day)\\b)';

/** Names with a title, capitalised words inside a sentence, words of capitals, handles. */
export const NAMES = new RegExp(
  [
    `\\b(?:Mr|Mrs|Ms|Dr|Prof)\\.? ${WORD}`,
    `(?<=[a-z,;:)] )${NOT_A_DATE}${WORD}(?: ${NOT_A_DATE}${WORD}){0,4}`,
    '(?<![-\\w])[A-Z]{2,10}(?![-\\w])',
    '(?<!\\w)@\\w{2,40}',
  ].join('|'),
  'gu',
);

const JAPANESE_NAME = '[\\p{Script=Han}\\p{Script=Katakana}ー・々A-Za-z]';
const HONORIFICS =
  'さん|様|さま|氏|くん|君|ちゃん|先生|社長|部長|課長|教授|株式会社|有限会社|大学|病院|銀行|駅';

/** A name before a title: 「鈴木さん」, 「東京駅」. The title is found first, then what stands before it. */
export const JAPANESE_NAMES = new RegExp(
  `(?:${HONORIFICS})(?<=(${JAPANESE_NAME}{1,12})(?:${HONORIFICS}))`,
  'gu',
);

/** Where a clause ends. */
export const CLAUSE_END = /[.!?](?=\s|$)|[;\n。！？；]/u;

/** What makes a clause a fact of a kind. */
export const CLAUSES = {
  negation:
    /\b(?:not|never|no|none|nothing|nobody|neither|nor|without|cannot|can't|won't|don't|doesn't|didn't|isn't|aren't|wasn't|weren't|shouldn't|wouldn't|couldn't|haven't|hasn't)\b|\b\w{2,8}n[’]t\b|ない|なかった|ません|ませ(?:ん|ぬ)|ず(?:に|、)|ではなく|じゃなく|不要|禁止|未定|未完了|なし(?:で|に|の|です)/iu,
  decision:
    /\b(?:decided?|decision|agreed?|agreement|settled|chose|chosen|we'll|we will|let's|go(?:ing)? with|opted|approved|rejected|confirmed|finali[sz]ed)\b|決定|決め(?:た|まし|る)|決まり|決まった|ことに(?:する|した|しま|なり|なった)|採用|却下|承認|合意|確定|了承/iu,
  constraint:
    /\b(?:must|should|shall|only|at (?:most|least)|no (?:more|less|later) than|deadline|due|limit(?:ed)?|maximum|minimum|always|required?|mandatory|forbidden|allergic|budget|within|before|until)\b|必ず|までに|以内|以上|以下|未満|のみ|だけ|禁止|しないで|べき|なければ|てはいけ|てはなら|必須|必要|締め?切|期限|上限|下限|予算|アレルギー|限定/iu,
} as const;
