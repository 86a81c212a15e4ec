import type { Kind } from './kinds.ts';

/** Words by which a sentence shows what it is about. Looked for one sentence at a time, each pattern in one pass. */
const CUES: Readonly<Record<Kind, readonly RegExp[]>> = {
  purpose: [
    /\b(?:so that|in order to|to help|for the purpose|(?:goal|purpose|aim|objective) (?:is|of|here)|because (?:i|we)\b|(?:i|we)(?: would|'d)? (?:want|need|like|plan|intend|hope|have|am trying|are trying) to|(?:i'm|we're) trying to)/i,
    /ため(?:に|、|です|の|だ|。|$)|たい(?:ので|から|です|と思|のです|んです|。|、|$)|目的|狙い|ねらい|目指/,
  ],
  constraints: [
    /\b(?:must|do not|don't|never|should(?: not|n't)|may not|can(?: not|'t) (?:use|be)|avoid|without|at (?:most|least)|no (?:more|longer|fewer|less) than|(?:fewer|less|more) than \d|up to \d|within \d|under \d|limited to|use only|only (?:use|in|with|from|the)|deadline|keep (?:it|the|to)|stick to|by (?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|tomorrow|tonight|noon|the end of))\b/i,
    /ないで|ないこと|しない(?:。|$)|禁止|以内|以下|未満|までに|のみ|だけ(?:で|を|に|の|。|$)|必ず|避け|厳守|なしで|てはいけ|てはなら|ちゃだめ|ずに/,
  ],
  viewpoint: [
    /\b(?:perspective|point of view|viewpoint|standpoint|audience|written for|aimed at|imagine (?:you|that|being)|you are an?|act as|for (?:an? |my |our |the )?(?:absolute |complete |busy |non-technical |senior |junior )?(?:beginners?|experts?|engineers?|developers?|managers?|executives?|customers?|users?|team|boss|readers?|colleagues?|students?|children|laypeople|board|press))\b/i,
    /\bas an? (?!result|whole|rule|consequence|table|list|bullet|matter|json|first|follow|single|start)[a-z]/i,
    /視点|観点|立場|目線|向け|にとって|から見て|読者|として(?:、|書|答|説明|考|お|教)|つもりで/,
  ],
  expectations: [
    /\?\s*["')»”]*$|\b(?:please|(?:i|we) expect|should (?:include|contain|have|show|say|list|mention)|must (?:include|contain|list|mention)|(?:as|in) (?:an? )?(?:(?:short|numbered|bulleted) )?(?:tables?|lists?|json|bullets?|bullet points|markdown|e-?mail)|step[- ]by[- ]step|with (?:an )?examples?)\b/i,
    /^(?:and |then |also )?(?:explain|list|write|compare|summari[sz]e|give|show|describe|tell|draft|propose|suggest|translate|create|make|provide|help|find|review|fix|check|analy[sz]e|rewrite|outline|answer|name|decide|recommend|plan|prepare|say)\b/i,
    /[?？]$|ください|下さい|お願い|教えて|まとめて|箇条書き|形式で|表(?:で|に(?:し|ま)|形式)|て(?:ほしい|欲しい)|を含め|(?:です|ます|でしょう|ました)か。?$|(?:せよ|しなさい|して)。?$/,
  ],
};

/** Whether a sentence speaks of that. */
export function speaksOf(kind: Kind, sentence: string): boolean {
  return CUES[kind].some((cue) => cue.test(sentence));
}
