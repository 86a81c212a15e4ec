const ENGLISH =
  'a about above after again against ain all also am an and any are aren as at be because been before being below between both but by can ' +
  'cannot could couldn d did didn do does doesn doing don down during each either else etc ever few for from further had hadn has hasn ' +
  'have haven having he hence her here hers herself him himself his how however i if in into is isn it its itself just let ll m ma may ' +
  'me might more most much must mustn my myself neither no nor not now o of off oh ok okay on once only or other our ours ourselves out ' +
  'over own per perhaps quite rather re really s same shall shan she should shouldn since so some still such t than that the their theirs ' +
  'them themselves then there therefore these they this those though through thus to too um uh under until up upon us ve very was wasn ' +
  'we were weren what when where whether which while who whom whose why will with within without won would wouldn y yeah yes yet you ' +
  'your yours yourself yourselves hmm hm mm huh gonna wanna gotta';

const STOP_WORDS: ReadonlySet<string> = /* @__PURE__ */ setOf(ENGLISH);

function setOf(words: string): ReadonlySet<string> {
  return new Set(words.split(' '));
}

/** Whether an English word in lower case is grammar or filler, and tells nothing of what a text is about. */
export function isStopWord(word: string): boolean {
  return STOP_WORDS.has(word);
}

/** Pairs of hiragana that are particles, endings of verbs and forms of politeness, with what they make where two of them meet. */
const HIRAGANA =
  'です ます した して ている いる いた いて ない なく なか かっ った って った たの のは のが のを のに ので のか のも には では とは では ても でも ' +
  'から まで より こと もの よう ため とき ところ ここ そこ あそ それ これ あれ どれ この その あの どの こん そん どん なに なん だっ だろ でし しょ しま ' +
  'ませ せん まし れる れた られ れて せる させ せた する され たい たく たち など として とし とい いう いっ いま まし うに うな うで とが とを とに ' +
  'とも にも にお おい おけ ける けて によ よっ より よる よれ れば ばい いく いき くだ ださ さい あり あっ ある った なり なっ なる なら らな だけ ほど くら ' +
  'かも もし しれ れま すか すが すの すよ すね よね かな ですか ました たか たが たい たら らい てい てく てき てし てる でき きる きま るの るか るが ると ' +
  'るよ るた るこ いの いか いが いと いよ いで いに いは いを いし いら いれ いな いち くて くな くの けど けれ しい しく しか しな また まだ もう もっ とて ' +
  'とっ どう どこ どち ちら いつ だれ なぜ どん んな んで んだ んの のよ のと のだ のな のこ なの なお なが ながら れは れが れを れに れの れも はで がら をし をす はど はな はい がで がい があ';

/** The first hiragana, and how many there are. */
const FIRST = 0x3041;
const COUNT = 0x5f;

/** A table and not a set: it is asked for every second character of a Japanese text. */
const STOP_GRAMS = /* @__PURE__ */ stopGrams();

function stopGrams(): Uint8Array {
  const table = new Uint8Array(COUNT * COUNT);
  for (const pair of HIRAGANA.split(' '))
    table[(pair.charCodeAt(0) - FIRST) * COUNT + pair.charCodeAt(1) - FIRST] = 1;
  return table;
}

/** 何 and 誰 ask; what they ask for never stands beside them in the answer. */
function asks(code: number): boolean {
  return code === 0x4f55 || code === 0x8ab0;
}

/** Whether two neighbouring characters, given as char codes (`after` 0: one alone), are grammar. */
export function isStopGram(before: number, after: number): boolean {
  if (before >= FIRST && before < FIRST + COUNT)
    return STOP_GRAMS[(before - FIRST) * COUNT + after - FIRST] === 1;
  return asks(before) || asks(after);
}
