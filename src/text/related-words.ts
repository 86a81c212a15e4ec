import { stemOf } from './stem.ts';

/**
 * Words that tell of the same side of life or work, a line each; the question names one ("What pets does he have?"), the answer another
 * ("Our puppy …"). Everyday matters only: of names and terms of art nothing can be known beforehand.
 */
const RELATED = `
pet dog puppy cat kitten bird fish rabbit hamster horse parrot turtle animal leash vet breed adopt
family parent mother father mom mum dad sister brother sibling son daughter child kid baby aunt uncle cousin niece nephew grandmother grandfather grandma grandpa twin
partner husband wife spouse girlfriend boyfriend fiance marry marriage wedding engaged engagement divorce single relationship date anniversary
friend friendship buddy neighbor neighbour roommate colleague coworker
job work career profession occupation employer employ company boss manager hire promotion salary office position role resign quit retire interview commute engineer
business startup shop store company entrepreneur client customer owner launch
school college university degree study student class course teacher exam grade graduate graduation major lesson learn education homework campus professor lecture tutor diploma
home house apartment flat room rent landlord mortgage live reside move neighborhood street lane road address city town
travel trip vacation holiday visit tour flight fly hotel abroad country city airport beach itinerary passport journey destination camp hike explore cruise
nature outdoor mountain forest lake river ocean sea beach park hike trail camp waterfall sunset sunrise woods
sport exercise gym workout run marathon race swim yoga football soccer basketball tennis climb ski surf fitness team match training cycle bike athlete coach championship tournament
hobby pastime interest activity paint draw knit pottery garden read cook photography craft dance collect leisure free fun weekend relax
art artist paint painting draw drawing sketch sculpture pottery gallery museum canvas exhibition portrait sunset creative
music song sing band concert guitar piano violin drum trumpet bass instrument album musician play festival playlist orchestra choir
book novel read author story library chapter writer poem literature bookshelf title series memoir
movie film watch series show cinema actor documentary television tv episode theater theatre
game video console board puzzle chess card play gamer controller tournament
food eat meal dish cook recipe restaurant dinner lunch breakfast snack cuisine bake cake dessert vegetarian vegan allergy allergic diet fruit vegetable pizza pasta soup salad ingredient taste
drink coffee tea wine beer juice water alcohol cocktail cafe bar
health illness sick ill disease doctor hospital pain hurt injury surgery medicine medication symptom diagnose allergy allergic therapy physiotherapist clinic recover treatment condition asthma diabetes dentist
feel feeling emotion sad happy angry anxious stress nervous scared worried depressed lonely proud grateful mood upset excited cry therapist
car vehicle van truck motorbike motorcycle drive bus train bike bicycle scooter garage mileage tire brake
phone mobile cell number call smartphone screen
computer laptop tablet desktop keyboard monitor device
money cost price pay expensive cheap budget fee dollar euro pound salary save saving bank loan debt spend income bill invest discount afford invoice charge
buy purchase order shop shopping store get pick bought gift
gift present receive birthday surprise
event party celebrate celebration birthday festival ceremony anniversary holiday gathering parade meetup conference
help support volunteer charity donate donation community shelter fundraiser cause nonprofit
religion church faith pray god temple mosque spiritual belief
goal plan dream aim ambition future hope intend want wish aspire
problem issue error bug fail failure crash broken exception fault trouble wrong challenge difficulty obstacle
fix solve repair resolve solution patch workaround
reason because why cause motivate inspire inspiration decide decision
garden plant flower tree vegetable grow seed soil
clothes clothing shirt dress shoes jacket jeans coat wear outfit hat size fashion
weather rain snow sun cold hot storm temperature wind
birthplace hometown born childhood country origin grew roots native moved
deploy release ship rollout version production staging publish
database table schema query sql migration index postgres mysql
delete remove drop erase clear
create add make build new
password login account sign credential token authentication auth
server host backend api endpoint service
refund return reimburse cancel cancellation
deadline due schedule appointment calendar meeting
delivery deliver ship shipping shipment package arrive track parcel
customer client user subscriber
language speak english spanish french german japanese translate fluent
identity gender transgender lesbian gay queer lgbtq pride
仕事 会社 職場 勤務 転職 就職 職業 勤 働
家族 両親 父親 母親 兄弟 姉妹 息子 娘 妻 夫 父 母 兄 姉 弟 妹 子供
旅行 観光 出張 温泉 旅 海外 空港
病気 病院 医者 風邪 症状 診察 手術 薬 健康
食事 料理 夕食 朝食 昼食 食 弁当 店
学校 大学 授業 勉強 試験 先生 学生 卒業 専攻
予算 費用 値段 価格 料金 金額 代金 円
締切 期限 期日 納期 日程 予定 予約
住所 自宅 住 引越 部屋 家 賃貸
音楽 演奏 楽器 曲 歌
趣味 休日 休 習
動物 犬 猫 鳥 飼
結婚 夫婦 婚約 恋人 彼女 彼氏
誕生 生日 祝
運動 試合 練習 選手 走
死亡 死去 没 亡 死 逝去
設立 創設 創立 創業 開設
著書 著作 著者 作者 小説 執筆
問題 不具 障害 失敗 原因 故障
`;

/** Groups of related terms, and in which of them a term is. */
interface Groups {
  readonly all: readonly (readonly string[])[];
  readonly of: ReadonlyMap<string, readonly number[]>;
}

/** Stemming them takes half a millisecond: done for the first query that asks, once. */
let groups: Groups | undefined;

/** The terms related to `term` (both as `termsOf` gives them), itself left out; empty for most. */
export function relatedTo(term: string): string[] {
  groups ??= readGroups();
  const related = new Set<string>();
  for (const group of groups.of.get(term) ?? [])
    for (const other of groups.all[group] ?? []) related.add(other);
  related.delete(term);
  return [...related];
}

function readGroups(): Groups {
  const all = RELATED.trim()
    .split('\n')
    .map((line) => [...new Set(line.split(' ').map((word) => stemOf(word)))]);
  const of = new Map<string, number[]>();
  for (const [group, stems] of all.entries())
    for (const stem of stems) {
      const known = of.get(stem);
      if (known === undefined) of.set(stem, [group]);
      else known.push(group);
    }
  return { all, of };
}
