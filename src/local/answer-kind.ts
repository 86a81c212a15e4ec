/** What a question may ask for, and how a sentence that gives it looks. */
export interface AnswerKind {
  readonly name: 'person' | 'moment' | 'day' | 'clock' | 'duration' | 'amount' | 'reason' | 'place' | 'thing';
  readonly asked: RegExp;
  readonly given: RegExp;
}

const DAY =
  /\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)|(?:Jan|Feb|March|April|May|June|July|Aug|Sep|Oct|Nov|Dec)[a-z]* \d|\d+日|[月火水木金土日]曜|翌[朝日週]/;
const CLOCK = /\d{1,2}:\d{2}|\d{1,2}\s?(?:a\.?m|p\.?m)\b|\d{1,2}時/;

const KINDS: readonly AnswerKind[] = [
  {
    name: 'person',
    asked: /\bwho(?:m|se)?\b|誰|だれ|担当者|どなた/i,
    given: /[a-z,;:] [A-Z][a-z]+\b|^[A-Z][a-z]+ (?:\w+s|will|is|has|was)\b|さん|氏|様|部長|課長|私[がはも]/,
  },
  { name: 'moment', asked: /\bwhen\b|いつ|日時/i, given: new RegExp(`${DAY.source}|${CLOCK.source}`) },
  { name: 'day', asked: /\b(?:what|which) (?:day|date|week)\b|何日|何曜/i, given: DAY },
  { name: 'clock', asked: /\bwhat time\b|何時/i, given: CLOCK },
  {
    name: 'duration',
    asked: /\bhow long\b|どのくらい|何[分日週]間/i,
    given: /\d+ (?:seconds|minutes|hours|days|weeks|months)|\d+(?:秒|分|時間|日間|週間|か月|年)/,
  },
  {
    name: 'amount',
    asked:
      /\bhow (?:much|many|often|long)\b|\b(?:rate|price|budget|number|limit|threshold|percentage)\b|いくら|何[人件個割回台枚社名本]|どのくらい|金額|率/i,
    given:
      /\d+(?:[.,]\d+)?\s?[%％]|[¥$€£]\s?\d|\d+(?:[.,]\d+)*\s?(?:yen|euros?|dollars?|円|万|件|人|台|名|回|軒)|\d{2,}/,
  },
  {
    name: 'reason',
    asked: /\bwhy\b|\breasons?\b|\bhow come\b|なぜ|どうして|理由|なんで/i,
    given:
      /\b(?:because|since|so that|due to|reasons?|otherwise|therefore|comes from|caused?)\b|ためで|ため[、。]|理由は|ので|からで|つまり/i,
  },
  { name: 'place', asked: /\bwhere\b|どこ|場所/i, given: /\b(?:in|at|near|to) [A-Z`]|階|ビル|`[^`]+`|市|駅/ },
  {
    name: 'thing',
    asked: /\bwhich (?:flag|file|command|setting|branch|column|name)\b|\bset to\b/i,
    given: /`[^`]+`/,
  },
];

/** The kinds of answer that a question asks for. */
export function kindsAsked(question: string): AnswerKind[] {
  return KINDS.filter(({ asked }) => asked.test(question));
}
