/** What to do about the parser's commonest complaints; the parser's own words follow in brackets. */
const ADVICE: readonly (readonly [pattern: RegExp, advice: string])[] = [
  [
    /null byte|non-printable/,
    'This is no text: it is binary or holds a control character. Save the file as UTF-8 text.',
  ],
  [/duplicated mapping key/, 'This key stands here a second time. Keep one of the two.'],
  [/tab characters/, 'YAML indents with spaces, not with tabs. Replace the tab by spaces.'],
  [/maxAliases/, 'There are too many aliases («*name») here. Write the texts out.'],
  [/unidentified alias/, 'A text that begins with «*» must be in quotes; plain, it stands for an alias.'],
  [/tag !</, 'Tags («!name») have no meaning in a persona. Remove the tag, or put the text in quotes.'],
  [/maxDepth/, 'This is nested too deeply. A persona is a mapping of texts and one list.'],
  [/complex keys/, 'A key must be one word: name, style, forbid or notes.'],
  [
    /mapping entry|sequence entry|multiline key|separator is expected/,
    'The indentation is wrong here, or a text that holds «: » or begins with a sign such as @, ` or % is not in quotes.',
  ],
  [
    /indentation|unexpected end|flow collection/,
    'A quote or bracket above is not closed, or the indentation is wrong here.',
  ],
];

/** The message for what a YAML parser found wrong. */
export function yamlFaultMessage(reason: string): string {
  const advice = ADVICE.find(([pattern]) => pattern.test(reason))?.[1] ?? 'This is not valid YAML.';
  return `${advice} (${reason})`;
}
