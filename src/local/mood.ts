const ASKING = /[?？][」』"”')]*$|か[。」]*$|(?:ください|もらえますか|いただけますか)[。」]*$/;
const PROVISIONAL =
  /\b(?:first draft|starting point|provisional|tentative|proposal|suggest|maybe|perhaps|might|not sure|i think|planned for|for now|would)\b|最初の案|当初|たたき台|仮の|とりあえず|かもしれ|つもり|候補|予定です|提案|相談です|と思います|たいです/i;
const UNDONE = /\b(?:withdrawn|rejected|cancelled)\b|取り下げ|撤回/i;
const SETTLED =
  /\b(?:decid\w+|agreed|confirmed|recorded|replac\w+|instead|no longer|changes?|changed|moves?|moved|updated?|new|from now on|must|never|means)\b|決ま|決め|決定|変更|変え|改め|とする|必ず/i;

/** How a sentence is meant, as a factor: what was settled answers a question, what was asked itself or only proposed hardly does. */
export function moodOf(text: string): number {
  const asking = isQuestion(text) || reportsQuestion(text) ? 0.2 : 1;
  if (PROVISIONAL.test(text) || UNDONE.test(text)) return 0.45 * asking;
  // A piece of a sentence that a list broke up tells little without the rest.
  const piece = /^[a-z]|[,;、]$/.test(text) ? 0.7 : 1;
  return (SETTLED.test(text) ? 1.2 : 1) * asking * piece;
}

/** Whether a sentence says that something was decided or has changed. */
export function isSettled(text: string): boolean {
  return SETTLED.test(text) && !PROVISIONAL.test(text);
}

export function isQuestion(text: string): boolean {
  return ASKING.test(text);
}

/** Whether a sentence tells that somebody asked. */
export function reportsQuestion(text: string): boolean {
  return /\basks?\b|\basked\b|と聞|質問/i.test(text);
}
